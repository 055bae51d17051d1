import { describe, expect, it } from '@jest/globals';
import type { LayerSession } from '../../support/layer.js';
import {
  ACCESS_DENIED,
  at,
  expectLacking,
  expectLayerError,
  expectWrong,
  NOT_FOUND,
  read,
  say,
  strangerOn,
  talkingOn,
} from '../../support/layer-talk.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const talking = () => talkingOn(() => server);

const create = (by: LayerSession, body: object) => by.send('POST', '/conversations', body);
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
const users = ({ participants }: { participants: { user_id: string }[] }) =>
  participants.map((one) => one.user_id).sort();

describe('PATCH /conversations/:id', () => {
  const patch = (by: LayerSession, conversation: unknown, ...operations: object[]) =>
    by.send('PATCH', at(conversation), operations, { 'content-type': 'application/vnd.layer-patch+json' });
  const participants = (operation: string, value: unknown) => ({ operation, property: 'participants', value });
  const set = (property: string, value: unknown) => ({ operation: 'set', property, value });

  it('adds, removes and replaces participants, after which it is not distinct', async () => {
    const { john } = await talking();
    const { body: distinct } = await create(john, { participants: ['jane'] });
    const change = async (...operations: object[]) => {
      expect((await patch(john, distinct, ...operations)).status).toBe(204);
      const now = await read(john, at(distinct));
      return [users(now), now.distinct];
    };
    expect(await change(participants('add', 'jane'), participants('remove', 'nobody'))).toEqual([
      ['jane', 'john'],
      true,
    ]);
    const added = { operation: 'add', property: 'participants', id: 'layer:///identities/eve' };
    expect(await change(added, participants('remove', 'jane'))).toEqual([['eve', 'john'], false]);
    expect(await change(participants('set', ['john', { user_id: 'kim' }, 'layer:///identities/lou']))).toEqual([
      ['john', 'kim', 'lou'],
      false,
    ]);
    const other = await create(john, { participants: ['jane'] });
    expect([other.status, other.body.id === distinct.id]).toEqual([201, false]);
  });

  it('sets and deletes metadata, and keeps the rest', async () => {
    const { app, john, jane, conversation } = await talking();
    const change = async (...operations: object[]) => {
      expect((await patch(john, conversation, ...operations)).status).toBe(204);
      return (await read(jane, at(conversation))).metadata;
    };
    expect(await change(set('metadata.a.b', '1'), set(String.raw`metadata.x\.y`, '2'))).toEqual({
      a: { b: '1' },
      'x.y': '2',
    });
    expect(await change({ operation: 'delete', property: 'metadata.a.b' })).toEqual({ a: {}, 'x.y': '2' });
    expect(await change(set('metadata', { only: 'this' }))).toEqual({ only: 'this' });
    expect(await change({ operation: 'delete', property: 'metadata' })).toEqual({});
    const { body: events } = await app.client.send('GET', '/api/v1/events?limit=100');
    expect(events.data.filter(({ type }: { type: string }) => type === 'channel.updated')).toHaveLength(4);
  });

  it('keeps what others change at the same time', async () => {
    const { john, jane, conversation } = await talking();
    const changes = Array.from({ length: 10 }, (_, index) =>
      patch(index % 2 ? john : jane, conversation, set(`metadata.k${index}`, String(index))),
    );
    expect((await Promise.all(changes)).map(({ status }) => status)).toEqual(Array(10).fill(204));
    expect(Object.keys((await read(john, at(conversation))).metadata)).toHaveLength(10);
  });

  it('does all of it or nothing', async () => {
    const { john, conversation } = await talking();
    const kept = await read(john, at(conversation));
    for (const [wrong, property] of [
      [set('metadata.a', 1), 'metadata.a'],
      [set('metadata.a', 'x'.repeat(16_384)), 'metadata'],
      [set('distinct', true), 'distinct'],
      [{ operation: 'move', property: 'participants', value: 'eve' }, 'operation'],
      [participants('set', []), 'participants'],
      [participants('remove', ['jane']), 'participants'],
      [
        participants(
          'set',
          Array.from({ length: 26 }, (_, index) => `user${index}`),
        ),
        'participants',
      ],
    ] as const) {
      const answer = await patch(john, conversation, participants('add', 'eve'), set('metadata.good', '1'), wrong);
      expectWrong(answer, property);
      expect(await read(john, at(conversation))).toEqual(kept);
    }
    const many = Array.from({ length: 24 }, (_, index) => participants('add', `user${index}`));
    expectWrong(await patch(john, conversation, ...many), 'participants');
    expect((await patch(john, conversation, ...many.slice(1))).status).toBe(204);
    expectLayerError(await john.send('PATCH', at(conversation), {}), [400, 'invalid_request', 10]);
    expect((await patch(john, conversation)).status).toBe(204);
  });

  it('is for participants, also by a POST that says it is a PATCH', async () => {
    const { app, john, jane, conversation } = await talking();
    const override = { 'x-http-method-override': 'PATCH', 'content-type': 'application/vnd.layer-patch+json' };
    const leaving = [participants('remove', 'john')];
    expect((await john.send('POST', at(conversation), leaving, override)).status).toBe(204);
    expectLayerError(await patch(john, conversation, set('metadata.a', '1')), ACCESS_DENIED);
    for (const stranger of [await app.session('eve'), await strangerOn(() => server)]) {
      expectLayerError(await patch(stranger, conversation, set('metadata.a', '1')), NOT_FOUND);
    }
    expect((await patch(jane, conversation, participants('add', 'john'))).status).toBe(204);
    expect(users(await read(john, at(conversation)))).toEqual(['jane', 'john']);
  });
});

describe('DELETE /conversations/:id', () => {
  const remove = (by: LayerSession, conversation: unknown, query: string) =>
    by.send('DELETE', `${at(conversation)}?${query}`);

  it.each(['mode=all_participants', 'destroy=true'])('deletes it for all: %s', async (query) => {
    const { john, jane, conversation } = await talking();
    const message = await say(john, conversation);
    expect((await remove(jane, conversation, query)).status).toBe(204);
    for (const one of [john, jane]) {
      expectLayerError(await one.send('GET', at(conversation)), NOT_FOUND);
      expectLayerError(await one.send('GET', at(message)), NOT_FOUND);
      expect(await read(one, '/conversations')).toEqual([]);
    }
    expectLayerError(await remove(jane, conversation, query), NOT_FOUND);
  });

  it('deletes it from the devices of who asks, until there is more', async () => {
    const { john, jane, conversation } = await talking();
    await say(jane, conversation, 'Before');
    const hers = await read(jane, at(conversation));
    expect((await remove(john, conversation, 'mode=my_devices&leave=false')).status).toBe(204);
    const list = await john.send('GET', '/conversations');
    expect([list.body, list.headers.get('layer-count')]).toEqual([[], '0']);
    const now = await read(john, at(conversation));
    expect([now.last_message, now.total_message_count, now.unread_message_count]).toEqual([null, 0, 0]);
    expect(await read(john, `${at(conversation)}/messages`)).toEqual([]);
    expect(await read(jane, at(conversation))).toEqual(hers);
    const message = await say(jane, conversation, 'After');
    const [again] = await read(john, '/conversations');
    expect([again.last_message.id, again.total_message_count, again.unread_message_count]).toEqual([message.id, 1, 1]);
    expect(ids(await read(john, `${at(conversation)}/messages`))).toEqual([message.id]);
  });

  it('leaves it', async () => {
    const { john, jane, conversation } = await talking();
    expect((await remove(john, conversation, 'mode=my_devices&leave=true')).status).toBe(204);
    expect((await read(john, at(conversation))).participants).toEqual([]);
    expect(users(await read(jane, at(conversation)))).toEqual(['jane']);
    expectLayerError(await remove(john, conversation, 'mode=all_participants'), ACCESS_DENIED);
  });

  it('is for participants, who say what they mean', async () => {
    const { app, john, conversation } = await talking();
    expectLacking(await remove(john, conversation, ''), 'mode');
    expectLacking(await remove(john, conversation, 'destroy=false'), 'mode');
    expectWrong(await remove(john, conversation, 'mode=some'), 'mode');
    expectWrong(await remove(john, conversation, 'mode=my_devices&leave=perhaps'), 'leave');
    for (const stranger of [await app.session('eve'), await strangerOn(() => server)]) {
      expectLayerError(await remove(stranger, conversation, 'mode=all_participants'), NOT_FOUND);
    }
    expect((await read(john, at(conversation))).participants).toHaveLength(2);
  });
});
