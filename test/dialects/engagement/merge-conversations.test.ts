import { describe, expect, it } from '@jest/globals';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { makeContact, refused } from '../../support/contacts.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted, type Reply } from '../../support/given.js';
import { activities, givenInboxes, list, post, show } from '../../support/inbox.js';
import { bodies, led, mergeContacts, mergeConversations, pairOf } from '../../support/merges.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const given = givenInboxes(() => server);
const pair = () => pairOf(given.inbox);

const channel = (uuid: string): string => formatId('channel', uuid);
const customer = (uuid: string): string => formatId('customer', uuid);

describe('A conversation that is merged into another', () => {
  it('leaves it what was said, noted and done, in the order in which it was written', async () => {
    const { owner, say, uuid, channels } = await pair();
    await say(2, 'contact', 'Two');
    await post(owner, '2/notes', { body: 'A note on two' });
    await say(1, 'contact', 'Three');
    await post(owner, '1/notes', { body: 'A note on three' });
    await say(2, 'team', 'Four');
    accepted(await owner.send('PATCH', '/conversations/2', { priority: 'high', subject: 'Order', is_starred: true }));
    await say(1, 'contact', 'Five');
    const ids = (await show(owner, 2)).messages.map((item) => item.uuid);
    const merged = await mergeConversations(owner, 1, 2);
    expect(merged).toMatchObject({ id: 1, subject: 'Order', is_starred: true, preview: 'Five', messages_count: 5 });
    const written = ['First', 'Two', 'A note on two', 'Three', 'A note on three', 'Four'];
    const changed = 'Priority changed from normal to high.';
    const all = [...written, changed, 'Five', 'Conversation 2 was merged into this one.'];
    expect(await bodies(owner, 1)).toEqual(all);
    const { messages } = await show(owner, 1);
    expect(messages.map((item) => item.uuid)).toEqual(expect.arrayContaining(ids));
    expect(messages.filter(({ type }) => ['message', 'reply'].includes(type)).map(({ id }) => id)).toEqual([
      1, 2, 3, 4, 5,
    ]);
    await expectExactRows(uuid);
    const [gone] = await sql<{ client: string }>(`SELECT client_id AS client FROM channels WHERE id = $1`, channels[1]);
    expect(gone).toBeUndefined();
  });

  it('is answered 301 to a GET of it and what is under it, and 404 to all else', async () => {
    const { owner, key, channels } = await pair();
    const admin = await key();
    await mergeConversations(owner, 1, 2);
    for (const name of ['2', channels[1], channel(channels[1])]) {
      expect(await led(server, admin, `/conversations/${name}`)).toEqual([301, '/api/v1/conversations/1']);
    }
    const below = '/conversations/2/messages?per_page=5';
    expect(await led(server, admin, below)).toEqual([301, '/api/v1/conversations/1/messages?per_page=5']);
    expect(await led(server, admin, '/conversations/2/rating')).toEqual([301, '/api/v1/conversations/1/rating']);
    const others = [
      await admin.send('PATCH', '/conversations/2', { priority: 'low' }),
      await admin.send('POST', '/conversations/2/close'),
      await admin.send('DELETE', '/conversations/2'),
    ];
    expect(others.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('leaves nobody more read than before, nor less of what both had read', async () => {
    const { owner, say, uuid, channels, person } = await pair();
    const marks = () =>
      sql<{ at: number; of: boolean }>(
        `SELECT read_position AS at, customer_id = $2 AS of FROM channel_members WHERE client_id = $1 AND channel_id = $3
         ORDER BY 2`,
        ...[uuid, person, channels[0]],
      );
    await say(1, 'team', 'Two');
    await say(2, 'contact', 'Three');
    await show(owner, 1, '');
    await say(1, 'contact', 'Four');
    await show(owner, 2, '');
    accepted(await owner.send('POST', `/channels/${channel(channels[0])}/read`, { customer_uuid: customer(person) }));
    await say(2, 'team', 'Five');
    await say(1, 'contact', 'Six');
    const merged = await mergeConversations(owner, 1, 2);
    expect(merged).toMatchObject({ is_read: false, unread_count: 2 });
    expect((await marks()).map(({ at }) => at)).toEqual([3, 4]);
    await expectExactRows(uuid);
  });

  it('is open if either was, waits since the first did, and what counts days stays', async () => {
    const { owner, say, uuid } = await pair();
    const days = () => sql(`SELECT * FROM daily_stats WHERE client_id = $1 ORDER BY metric, user_id`, uuid);
    await say(2, 'contact', 'Anybody?');
    const { waiting_since } = (await show(owner, 2)).data;
    await post(owner, '1/reply', { body: 'Hello' });
    await post(owner, '1/close');
    accepted(await owner.send('POST', '/conversations/2/assign', { user_id: owner.user!.uuid }));
    const before = await days();
    const merged = await mergeConversations(owner, 1, 2);
    expect(merged).toMatchObject({ status: 'open', resolved_at: null, waiting_since, is_read: false });
    expect(merged.assigned_to).not.toBeNull();
    expect(await days()).toEqual(before);
    expect((await activities(owner, 1)).slice(-2)).toEqual([
      ...['Status changed from closed to open.', 'Conversation 2 was merged into this one.'],
    ]);
    await expectExactRows(uuid);
  });

  it('keeps what goes on: the phone is answered in the one that is left, whichever that is', async () => {
    const { owner, hear, uuid } = await pair();
    await mergeConversations(owner, 2, 1);
    await hear('Still me');
    const [only, ...others] = await list(owner);
    expect([only!.id, only!.preview, others]).toEqual([2, 'Still me', []]);
    const { id } = (await post(owner, '2/reply', { body: 'Hello' })) as { id: number };
    expect(id).toBe(3);
    expect((await show(owner, 2)).messages.at(-1)!.delivery).toMatchObject({ status: expect.any(String) });
    await expectExactRows(uuid);
  });

  it('after two contacts became one, their conversations become one', async () => {
    const { owner, key, hear, uuid } = await given.inbox();
    const admin = await key();
    await hear('From one', 1);
    await hear('From two', 2);
    await mergeContacts(admin, 1, 2);
    expect((await list(owner)).map(({ id, contact }) => [id, contact!.id])).toEqual([
      [2, 1],
      [1, 1],
    ]);
    await mergeConversations(owner, 1, 2);
    await hear('From two again', 2);
    expect((await show(owner, 1)).messages.filter(({ type }) => type === 'message').map(({ body }) => body)).toEqual([
      ...['From one', 'From two', 'From two again'],
    ]);
    await expectExactRows(uuid);
  });

  it('is refused where it is the same, is not there, is with somebody else or at another address, or somebody would hear more', async () => {
    const { owner, member, hear, say, uuid, channels, person } = await pair();
    await hear('Another', 3);
    const desk = accepted(await owner.send('POST', '/live-chat/desks', { name: 'Support' })).body.data;
    const chat = { type: 'custom', name: 'Chat', customer_uuids: [desk.customer_id, customer(person)] };
    accepted(await owner.send('POST', '/channels', chat));
    const merge = (body: object, by = owner, id = 1): Promise<Reply> =>
      by.send('POST', `/conversations/${id}/merge`, body);
    const stranger = await pair();
    for (const other_id of [1, 99, stranger.channels[0], 0, null]) {
      expect(await merge({ other_id })).toEqual(refused('other_id'));
    }
    const others = { message: 'Only conversations with the same contact at the same address can be merged.' };
    for (const other_id of [3, 4]) {
      expect(await merge({ other_id })).toMatchObject({ status: 422, body: others });
    }
    const held = (most: number) =>
      sql(`SELECT hold_conversations($1, $2, $3, $4) AS outcome`, ...[uuid, ...channels, most]);
    expect([await held(0), await held(9)]).toEqual([[{ outcome: 'too_much' }], [{ outcome: 'held' }]]);
    expect((await merge({ other_id: 2 }, owner, 99)).status).toBe(404);
    expect((await merge({ other_id: 2 }, await member('viewer'))).status).toBe(403);
    await say(2, 'contact', 'Among us');
    const third = await makeContact(owner);
    const adding = { customer_uuids: [customer(third.uuid)] };
    accepted(await owner.send('POST', `/channels/${channel(channels[1])}/customers`, adding));
    const why = { message: 'Somebody takes part in this conversation who took no part in the other.' };
    expect(await merge({ other_id: 1 }, owner, 2)).toMatchObject({ status: 422, body: why });
    await mergeConversations(owner, 1, 2);
    expect(accepted(await owner.send('GET', `/channels/${channel(channels[0])}`)).body.customers).toHaveLength(2);
    expect((await merge({ other_id: 2 })).status).toBe(200);
    await expectExactRows(uuid);
  });
});
