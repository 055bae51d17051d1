import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectExactRows } from '../../support/exact.js';
import type { LayerSession } from '../../support/layer.js';
import { created, join, open } from '../../support/layer-channels.js';
import {
  ACCESS_DENIED,
  at,
  bodies,
  CONFLICT,
  expectLacking,
  expectLayerError,
  expectWrong,
  ID_IN_USE,
  NOT_FOUND,
  NOTHING,
  read,
  say,
  strangerOn,
  talkingOn,
  uuidOf,
} from '../../support/layer-talk.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const talking = () => talkingOn(() => server);

const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
const send = (by: LayerSession, body: object) => by.send('POST', '/channels', body);

describe('GET /channels', () => {
  it('lists all of the app, newest first, with what whoever asks is there', async () => {
    const { john, jane } = await talking();
    const [one, two, three] = [await open(john, 'one'), await open(jane, 'two'), await open(john, 'three')];
    const list = await john.send('GET', '/channels');
    expect([list.headers.get('layer-count'), ids(list.body)]).toEqual(['3', ids([three, two, one])]);
    expect(list.body).toEqual([three, { ...two, membership: null }, one]);
    const page = await john.send('GET', `/channels?page_size=1&from_id=${encodeURIComponent(three.id)}`);
    expect([page.headers.get('layer-count'), ids(page.body)]).toEqual(['3', [two.id]]);
    expect(ids(await read(john, `/channels?from_id=${uuidOf(two)}`))).toEqual([one.id]);
    const stranger = await strangerOn(() => server);
    expect(await read(stranger, '/channels')).toEqual([]);
    expectWrong(await stranger.send('GET', `/channels?from_id=${uuidOf(one)}`), 'from_id');
  });

  it('starts after none but a channel', async () => {
    const { john, conversation } = await talking();
    expectWrong(await john.send('GET', `/channels?from_id=${uuidOf(conversation)}`), 'from_id');
    for (const query of ['page_size=0', 'page_size=101', 'from_id=nonsense']) {
      expectWrong(await john.send('GET', `/channels?${query}`), query.split('=')[0]!);
    }
  });

  it('shows no conversation, nor the conversations a channel', async () => {
    const { john, jane, conversation } = await talking();
    const channel = await open(john, 'lunch', jane);
    expect(ids(await read(john, '/channels'))).toEqual([channel.id]);
    for (const sort of ['created_at', 'last_message']) {
      expect(ids(await read(john, `/conversations?sort_by=${sort}`))).toEqual([conversation.id]);
    }
    expectLayerError(await john.send('GET', `/channels/${uuidOf(conversation)}`), NOT_FOUND);
    expectLayerError(await john.send('GET', `/channels/${uuidOf(conversation)}/messages`), NOT_FOUND);
    expectLayerError(await john.send('GET', `/conversations/${uuidOf(channel)}`), NOT_FOUND);
    expectLayerError(await john.send('GET', `/conversations/${uuidOf(channel)}/messages`), NOT_FOUND);
    expectLayerError(await john.send('DELETE', `/conversations/${uuidOf(channel)}?mode=all_participants`), NOT_FOUND);
    expectLayerError(await john.send('PATCH', `/conversations/${uuidOf(channel)}`, []), NOT_FOUND);
  });
});

describe('A channel', () => {
  it('is nobody else’s app’s', async () => {
    const { john } = await talking();
    const channel = await open(john, 'lunch');
    const stranger = await strangerOn(() => server);
    for (const id of [uuidOf(channel), ...NOTHING]) {
      const path = `/channels/${id}`;
      const parts = [{ mime_type: 'text/plain', body: 'x' }];
      for (const [method, below, body] of [
        ['GET', ''],
        ['PATCH', '', [{ operation: 'set', property: 'name', value: 'x' }]],
        ['DELETE', ''],
        ['GET', '/members'],
        ['GET', '/members/john'],
        ['PUT', '/members/john'],
        ['DELETE', '/members/john'],
        ['GET', '/messages'],
        ['POST', '/messages', { parts }],
      ] as const) {
        expectLayerError(await stranger.send(method, path + below, body), NOT_FOUND);
      }
    }
    expect(await read(john, at(channel))).toEqual(channel);
  });

  it('is changed by its owner', async () => {
    const { john, jane } = await talking();
    const channel = await created(john, { name: 'lunch', metadata: { a: '1' }, members: ['jane'] });
    const patch = [
      { operation: 'set', property: 'metadata.b', value: '2' },
      { operation: 'delete', property: 'metadata.a' },
      { operation: 'set', property: 'name', value: 'dinner' },
    ];
    expectLayerError(await jane.send('PATCH', at(channel), patch), ACCESS_DENIED);
    expect((await john.send('PATCH', at(channel), patch)).status).toBe(204);
    expect(await read(john, at(channel))).toEqual({ ...channel, name: 'dinner', metadata: { b: '2' } });
    // The name is free again, and found under the new one.
    expect((await send(jane, { name: 'dinner' })).body.id).toBe(channel.id);
    const lunch = await open(jane, 'lunch');
    const again = await john.send('PATCH', at(channel), [{ operation: 'set', property: 'name', value: 'lunch' }]);
    expectLayerError(again, CONFLICT, { ...lunch, membership: null });
    expect((await read(john, at(channel))).name).toBe('dinner');
    for (const [operation, property, value] of [
      ['set', 'name', 'x'.repeat(256)],
      ['set', 'name', randomUUID()],
      ['delete', 'name', undefined],
      ['set', 'members', ['eve']],
      ['add', 'participants', 'eve'],
      ['set', 'metadata.a', 1],
    ] as const) {
      expectWrong(await john.send('PATCH', at(channel), [{ operation, property, value }]), property);
    }
    expectLayerError(await john.send('PATCH', at(channel), {}), [400, 'invalid_request', 10]);
  });

  it('gets one name of those that are asked for at once', async () => {
    const { john } = await talking();
    const channels = await Promise.all(Array.from({ length: 5 }, (_, index) => open(john, `c${index}`)));
    const patch = [{ operation: 'set', property: 'name', value: 'lunch' }];
    const answers = await Promise.all(channels.map((channel) => john.send('PATCH', at(channel), patch)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409, 409]);
  });

  it('is deleted by its owner, with what was said there', async () => {
    const { app, john, jane } = await talking();
    const channel = await open(john, 'lunch', jane);
    const message = await say(jane, channel);
    expectLayerError(await jane.send('DELETE', at(channel)), ACCESS_DENIED);
    expect((await john.send('DELETE', at(channel))).status).toBe(204);
    expectLayerError(await john.send('GET', at(channel)), NOT_FOUND);
    expectLayerError(await jane.send('GET', at(message)), NOT_FOUND);
    expect((await send(jane, { name: 'lunch' })).status).toBe(201);
    await expectExactRows(app.client.uuid);
  });

  it('has messages, for its members', async () => {
    const { app, john, jane } = await talking();
    const channel = await open(john, 'lunch', jane);
    const first = await say(john, channel, 'one');
    expect([first.channel, first.conversation, first.sender.id]).toEqual([
      { id: channel.id, url: channel.url },
      undefined,
      john.identity,
    ]);
    const parts = [{ mime_type: 'text/plain', body: 'one' }];
    expectLayerError(await john.send('POST', `${at(channel)}/messages`, { parts, id: first.id }), ID_IN_USE, first);
    await say(jane, channel, 'two');
    const list = await jane.send('GET', `${at(channel)}/messages`);
    expect([list.headers.get('layer-count'), bodies(list.body)]).toEqual(['2', ['two', 'one']]);
    expect(bodies(await read(jane, `${at(channel)}/messages?from_id=${list.body[0].id}`))).toEqual(['one']);
    expect((await read(jane, at(first))).is_unread).toBe(true);
    expect((await jane.send('POST', `${at(first)}/receipts`, { type: 'read' })).status).toBe(204);
    expect((await read(john, at(first))).recipient_status).toEqual({
      [john.identity]: 'read',
      [jane.identity]: 'read',
    });

    const eve = await app.session('eve');
    expectLayerError(await eve.send('GET', `${at(channel)}/messages`), ACCESS_DENIED);
    expectLayerError(await eve.send('POST', `${at(channel)}/messages`, { parts }), ACCESS_DENIED);
    expectLayerError(await eve.send('GET', at(first)), NOT_FOUND);
    await join(eve, channel);
    expect(bodies(await read(eve, `${at(channel)}/messages`))).toEqual(['two', 'one']);
  });

  it('loses a message for all, by who sent it, as the SDKs ask for that', async () => {
    const { john, jane, conversation } = await talking();
    const channel = await open(john, 'lunch', jane);
    const message = await say(john, channel);
    expectLayerError(await jane.send('DELETE', at(message)), ACCESS_DENIED);
    expect((await john.send('DELETE', at(message))).status).toBe(204);
    expect(await read(jane, `${at(channel)}/messages`)).toEqual([]);
    // In a conversation it must be said whose devices are meant.
    expectLacking(await john.send('DELETE', at(await say(john, conversation))), 'mode');
  });
});
