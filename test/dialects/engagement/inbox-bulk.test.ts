import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { TestCaller } from '../../support/engagement.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted } from '../../support/given.js';
import { activities, givenInboxes, list, post, show, told } from '../../support/inbox.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const given = givenInboxes(() => server);

const change = (of: TestCaller, ids: readonly (number | string)[], set: object) =>
  of.send('POST', '/conversations/bulk', { conversation_ids: ids, set });

async function three() {
  const inbox = await given.inbox();
  for (const phone of [1, 2, 3]) {
    await inbox.hear('Hi', phone);
  }
  return inbox;
}

describe('Many conversations', () => {
  it('are changed at once, each with its own activities', async () => {
    const { owner, member, uuid } = await three();
    const mia = (await member('agent')).user!;
    const [, , first] = await list(owner);
    accepted(await owner.send('PATCH', '/conversations/2', { priority: 'high' }));
    const set = { status: 'closed', priority: 'high', user_id: mia.uuid, is_starred: true, is_read: true };
    expect(told(await change(owner, [first!.uuid, 2, 2], set))).toEqual([200, { data: { changed: 2 } }]);
    for (const id of [1, 2]) {
      expect((await show(owner, id)).data).toMatchObject({
        ...{ status: 'closed', priority: 'high', is_starred: true, is_pinned: false, is_read: true, unread_count: 0 },
        ...{ assigned_to: { name: 'The agent' }, resolved_at: expect.any(String) },
      });
    }
    expect((await activities(owner, 1)).length).toBe(3);
    expect((await show(owner, 3)).data).toMatchObject({ status: 'open', assigned_to: null });
    expect(told(await change(owner, [1, 2], set))).toEqual([200, { data: { changed: 0 } }]);
    expect(told(await change(owner, [1, 2], { user_id: null }))).toEqual([200, { data: { changed: 2 } }]);
    await expectExactRows(uuid);
  });

  it('are none of them changed where one is not there, or who is to take care of them may not', async () => {
    const { owner, member } = await three();
    const viewer = await member('viewer');
    const missing = { errors: { 'conversation_ids.1': ['The selected conversation_ids.1 is invalid.'] } };
    for (const never of [99, randomUUID()]) {
      expect(told(await change(owner, [1, never], { status: 'closed' }))).toEqual([422, missing]);
    }
    const says = 'User not found or does not have permission to be assigned conversations.';
    for (const user_id of [viewer.user!.uuid, randomUUID()]) {
      expect(told(await change(owner, [1, 2], { user_id, status: 'closed' }))).toEqual([422, { message: says }]);
    }
    expect((await change(viewer, [1], { status: 'closed' })).status).toBe(403);
    const tooMany = await change(
      owner,
      Array.from({ length: 101 }, (_, at) => at + 1),
      { status: 'closed' },
    );
    expect(tooMany.status).toBe(422);
    expect((await list(owner)).map(({ status }) => status)).toEqual(['open', 'open', 'open']);
  });

  it('are changed by several at once without waiting for each other for ever', async () => {
    const { owner, hear, uuid } = await three();
    await Promise.all([
      ...[1, 2, 3, 4].flatMap((at) => [
        change(owner, [1, 2, 3], { status: 'closed', priority: at % 2 ? 'high' : 'low' }).then(accepted),
        change(owner, [3, 2, 1], { status: 'open', priority: at % 2 ? 'low' : 'urgent' }).then(accepted),
        post(owner, '2/close'),
      ]),
      hear('Hi again', 2),
    ]);
    await expectExactRows(uuid);
  });
});
