import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectExactRows } from '../../support/exact.js';
import type { LayerSession } from '../../support/layer.js';
import { created, member } from '../../support/layer-channels.js';
import {
  at,
  CONFLICT,
  expectLacking,
  expectLayerError,
  expectWrong,
  ID_IN_USE,
  read,
  strangerOn,
  talkingOn,
  uuidOf,
} from '../../support/layer-talk.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const talking = () => talkingOn(() => server);

const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
const send = (by: LayerSession, body: object) => by.send('POST', '/channels', body);

describe('POST /channels', () => {
  it('makes one, whoever makes it is its owner', async () => {
    const { john, jane } = await talking();
    const metadata = { topic: 'Lunch', colours: { background: '#fff' } };
    const answer = await send(john, { name: 'lunch', members: [jane.identity], metadata });
    const uuid = uuidOf(answer.body);
    const url = `${server.url}/layer/channels/${uuid}`;
    const membership = (of: LayerSession, role: string) => ({
      id: `layer:///channels/${uuid}/members/${of.userId}`,
      url: `${url}/members/${of.userId}`,
      channel: { id: `layer:///channels/${uuid}`, url },
      identity: expect.objectContaining({ id: of.identity, user_id: of.userId }),
      role,
    });
    const channel = {
      id: `layer:///channels/${uuid}`,
      url,
      messages_url: `${url}/messages`,
      members_url: `${url}/members`,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      name: 'lunch',
      metadata,
      membership: membership(john, 'owner'),
    };
    expect([answer.status, answer.body]).toEqual([201, channel]);
    expect(await read(jane, at(answer.body))).toEqual({ ...channel, membership: membership(jane, 'user') });
  });

  it('finds the one of this name, whoever asks, and makes nobody a member of it', async () => {
    const { app, john, jane } = await talking();
    const first = await created(john, { name: 'lunch', metadata: { a: '1' } });
    for (const metadata of [undefined, null, { a: '1' }]) {
      const again = await send(jane, { name: 'lunch', metadata, members: ['eve'], id: randomUUID() });
      expect([again.status, again.body]).toEqual([200, { ...first, membership: null }]);
    }
    for (const metadata of [{}, { a: '2' }]) {
      expectLayerError(await send(jane, { name: 'lunch', metadata }), CONFLICT, { ...first, membership: null });
    }
    expect(ids(await read(john, `${at(first)}/members`))).toEqual([member(first, john)]);
    const upper = await send(jane, { name: 'Lunch' });
    expect([upper.status, upper.body.id === first.id]).toEqual([201, false]);
    const stranger = await strangerOn(() => server);
    expect((await send(stranger, { name: 'lunch' })).status).toBe(201);
    await expectExactRows(app.client.uuid);
  });

  it('makes one of a name, however many ask for it at once', async () => {
    const { john, jane } = await talking();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => send(index % 2 ? john : jane, { name: 'lunch', id: randomUUID() })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id as string)).size).toBe(1);
  });

  it('takes an id, once; sent again it is found', async () => {
    const { john, jane, conversation } = await talking();
    const id = `layer:///channels/${randomUUID()}`;
    const first = await created(john, { name: 'lunch', id });
    expect(first.id).toBe(id);
    expect((await send(john, { name: 'lunch', id })).body).toEqual(first);
    expectLayerError(await send(john, { name: 'dinner', id }), ID_IN_USE, first);
    expectLayerError(await send(jane, { name: 'dinner', id: uuidOf(first).toUpperCase() }), ID_IN_USE, {
      ...first,
      membership: null,
    });
    expectLayerError(await send(john, { name: 'dinner', id: uuidOf(conversation) }), ID_IN_USE);
    const taken = { participants: ['jane'], distinct: false, id: uuidOf(first) };
    expectLayerError(await john.send('POST', '/conversations', taken), ID_IN_USE);
  });

  it('takes members however they are named, each once, and makes who is not there', async () => {
    const { app, john, jane } = await talking();
    const members = [jane.identity, 'jane', { id: 'layer:///identities/j%C3%B6rg%20x' }, { user_id: 'eve' }, 'john'];
    const channel = await created(john, { name: 'lunch', members });
    const all = await read(john, `${at(channel)}/members`);
    const names = all.map(({ identity }: { identity: { user_id: string } }) => identity.user_id).sort();
    expect(names).toEqual(['eve', 'jane', 'john', 'jörg x']);
    expect((await app.client.send('GET', '/api/v1/customers?external_id=eve')).body.total_count).toBe(1);
  });

  it('says what is wrong', async () => {
    const { john } = await talking();
    expectLacking(await send(john, {}), 'name');
    for (const name of [7, ' ', 'x'.repeat(256), 'a\u0000', randomUUID(), randomUUID().toUpperCase()]) {
      const { status, body } = await send(john, { name });
      expect([status, body.data]).toEqual([422, { property: 'name' }]);
    }
    expectWrong(await send(john, { name: 'x', members: 'jane' }), 'members');
    expectWrong(await send(john, { name: 'x', members: [7] }), 'members.0');
    expectWrong(
      await send(john, { name: 'x', members: Array.from({ length: 101 }, (_, one) => `u${one}`) }),
      'members',
    );
    expectWrong(await send(john, { name: 'x', members: ['cus_01h455vb4pex5vsknk084sn02q'] }), 'members');
    expectWrong(await send(john, { name: 'x', metadata: { a: 1 } }), 'metadata');
    expectWrong(await send(john, { name: 'x', id: 'layer:///conversations/x' }), 'id');
    expectWrong(await send(john, { name: 'x', private: true }), 'private');
  });
});
