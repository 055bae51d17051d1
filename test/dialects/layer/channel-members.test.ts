import { describe, expect, it } from '@jest/globals';
import { expectExactRows } from '../../support/exact.js';
import { join, leave, member, open } from '../../support/layer-channels.js';
import {
  ACCESS_DENIED,
  at,
  bodies,
  expectLayerError,
  expectWrong,
  NOT_FOUND,
  read,
  say,
  talkingOn,
  type Wire,
} from '../../support/layer-talk.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const talking = () => talkingOn(() => server);

const ids = (list: Wire): string[] => list.map(({ id }: Wire) => id);

describe('The members of a channel', () => {
  it('join and leave by themselves', async () => {
    const { app, john, jane } = await talking();
    const channel = await open(john, 'lunch');
    expect((await read(jane, at(channel))).membership).toBeNull();
    await join(jane, channel);
    await join(jane, channel);
    const { membership } = await read(jane, at(channel));
    expect([membership.id, membership.role]).toEqual([member(channel, jane), 'user']);
    await say(jane, channel, 'Hello');
    await leave(jane, channel);
    expect((await read(jane, at(channel))).membership).toBeNull();
    expectLayerError(await jane.send('GET', `${at(channel)}/messages`), ACCESS_DENIED);
    expectLayerError(await jane.send('DELETE', `${at(channel)}/members/jane`), NOT_FOUND);
    await join(jane, channel);
    expect(bodies(await read(jane, `${at(channel)}/messages`))).toEqual(['Hello']);
    await expectExactRows(app.client.uuid);
  });

  it('may all leave, and come back as what they are then', async () => {
    const { john, jane } = await talking();
    const channel = await open(john, 'lunch');
    await leave(john, channel);
    expect((await read(jane, at(channel))).name).toBe('lunch');
    await join(john, channel);
    expect((await read(john, at(channel))).membership.role).toBe('user');
    expectLayerError(await john.send('DELETE', at(channel)), ACCESS_DENIED);
  });

  it('bring others in, whom the owner may send away', async () => {
    const { app, john, jane } = await talking();
    const eve = await app.session('eve');
    const channel = await open(john, 'lunch', jane);
    expectLayerError(await eve.send('PUT', `${at(channel)}/members/mallory`), ACCESS_DENIED);
    await join(jane, channel, 'eve');
    await join(jane, channel, 'jörg x');
    expect(ids(await read(eve, `${at(channel)}/members`))).toHaveLength(4);
    expectLayerError(await jane.send('DELETE', `${at(channel)}/members/eve`), ACCESS_DENIED);
    expectLayerError(await jane.send('DELETE', `${at(channel)}/members/john`), ACCESS_DENIED);
    await leave(john, channel, 'eve');
    expect((await read(eve, at(channel))).membership).toBeNull();
    expectLayerError(await john.send('DELETE', `${at(channel)}/members/eve`), NOT_FOUND);
    expectLayerError(await john.send('DELETE', `${at(channel)}/members/nobody`), NOT_FOUND);
    expectLayerError(await john.send('PUT', `${at(channel)}/members/cus_01h455vb4pex5vsknk084sn02q`), NOT_FOUND);
    expectLayerError(await john.send('PUT', `${at(channel)}/members/${'x'.repeat(256)}`), NOT_FOUND);
  });

  it('are seen by each other, page by page', async () => {
    const { app, john, jane } = await talking();
    const channel = await open(john, 'lunch', jane);
    const path = `${at(channel)}/members`;
    const list = await jane.send('GET', path);
    expect([list.headers.get('layer-count'), ids(list.body)]).toEqual([
      '2',
      [member(channel, john), member(channel, jane)],
    ]);
    const [johns] = list.body;
    expect([johns.role, johns.channel.id, johns.identity.user_id]).toEqual(['owner', channel.id, 'john']);
    expect(await read(jane, `${path}/john`)).toEqual(johns);
    expect(await read(jane, `${path}/${encodeURIComponent(john.identity)}`)).toEqual(johns);
    for (const from of [johns.id, john.identity, 'john']) {
      const page = await jane.send('GET', `${path}?page_size=500&from_id=${encodeURIComponent(from)}`);
      expect([page.headers.get('layer-count'), ids(page.body)]).toEqual(['2', [member(channel, jane)]]);
    }
    expect(ids(await read(jane, `${path}?page_size=1`))).toEqual([member(channel, john)]);
    expectWrong(await jane.send('GET', `${path}?page_size=501`), 'page_size');
    expectWrong(await jane.send('GET', `${path}?from_id=nobody`), 'from_id');

    const eve = await app.session('eve');
    expectLayerError(await eve.send('GET', path), ACCESS_DENIED);
    expectLayerError(await eve.send('GET', `${path}/john`), ACCESS_DENIED);
    expectLayerError(await eve.send('GET', `${path}/eve`), NOT_FOUND);
    expectLayerError(await jane.send('GET', `${path}/eve`), NOT_FOUND);
    // A page may start after one that has left since.
    await leave(john, channel);
    expect(ids(await read(jane, `${path}?from_id=john`))).toEqual([member(channel, jane)]);
  });

  it('are a hundred at most', async () => {
    const { app, john } = await talking();
    const members = Array.from({ length: 99 }, (_, one) => `user-${one}`);
    const { status, body: channel } = await john.send('POST', '/channels', { name: 'full', members });
    expect(status).toBe(201);
    const eve = await app.session('eve');
    expectLayerError(await eve.send('PUT', `${at(channel)}/members/eve`), [422, 'invalid_operation', 9]);
    await leave(john, channel, 'user-0');
    await join(eve, channel);
    const list = await eve.send('GET', `${at(channel)}/members?page_size=500`);
    expect([list.headers.get('layer-count'), list.body.length]).toEqual(['100', 100]);
  });

  it('are as many as asked, however many join at once', async () => {
    const { app, john } = await talking();
    const channel = await open(john, 'lunch');
    const others = await Promise.all(Array.from({ length: 8 }, (_, one) => app.session(`user-${one}`)));
    await Promise.all(others.map((one) => join(one, channel)));
    expect((await john.send('GET', `${at(channel)}/members`)).headers.get('layer-count')).toBe('9');
    await Promise.all(others.map((one) => leave(one, channel)));
    expect(ids(await read(john, `${at(channel)}/members`))).toEqual([member(channel, john)]);
    await expectExactRows(app.client.uuid);
  });
});
