import { describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import type { ChannelDeletionsService } from '../../../src/messages/deletion/channel-deletions.service.js';
import { FORGET, LOCK } from '../../../src/messages/deletion/erasure.sql.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted, given as givenOn, must, type Channel, type Customer, type TestClient } from '../../support/given.js';
import { listen, startRacedServer } from '../../support/races.js';
import { expectInvalid, expectMissing } from '../../support/refused.js';
import { beside, somebodyWaits, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';
import { useServer } from '../../support/server.js';

const server = useServer(startRacedServer);
const given = givenOn(() => server);

const tenantOf = ({ uuid }: TestClient) => ({ clientId: uuid, livemode: false });
const uuid = ({ id }: Channel | Customer) => parseId(id.startsWith('cus_') ? 'customer' : 'channel', id)!;
const deletions = () => server.get<ChannelDeletionsService>('ChannelDeletionsService');
const deleteForAll = (acme: TestClient, channel: Channel) => deletions().deleteForAll(tenantOf(acme), uuid(channel));
const clear = (acme: TestClient, channel: Channel, who: Customer) =>
  deletions().clear(tenantOf(acme), uuid(channel), uuid(who));
const inboxOf = async (acme: TestClient, { id }: Customer) =>
  (await acme.send('GET', `/api/v1/channels/customer/${id}`)).body.data;
const totals = async (acme: TestClient) => {
  const [channels, active] = [
    await acme.send('GET', '/api/v1/channels'),
    await acme.send('GET', '/api/v1/customers/active'),
  ];
  return { channels: channels.body.total_count, active: active.body.data.map(({ id }: Customer) => id) };
};
const messageIn = (channel: Channel, sender: Customer) => ({
  ...{ channel_uuid: channel.id, sender_uuid: sender.id, type: 'text', content: 'Hello' },
});

/** The rows that say anything of a channel. */
async function tracesOf(channel: Channel): Promise<string[]> {
  const tables = await sql<{ name: string; by: string }>(
    `SELECT table_name AS name, column_name AS by FROM information_schema.columns
     WHERE table_schema = 'public' AND (column_name = 'channel_id' OR (table_name, column_name) = ('channels', 'id'))
       AND table_name <> 'events' ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name, by } of tables) {
    if ((await sql(`SELECT FROM ${name} WHERE ${by} = $1`, uuid(channel))).length > 0) {
      found.push(name);
    }
  }
  return found;
}

describe('A channel that is deleted for all', () => {
  it('is gone with all that was in it, and nothing counts it', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const other = await given.channel(acme, [john, jane], 'Other');
    const stays = await given.message(acme, other, john);
    const [said] = [await given.message(acme, channel, john), await given.message(acme, channel, jane)];
    accepted(await acme.send('POST', `/api/v1/channels/${channel.id}/read`, { customer_uuid: jane.id }));
    accepted(await acme.send('DELETE', `/api/v1/messages/${said.id}?mode=my_devices&customer_uuid=${jane.id}`));
    const gone = await given.customer(acme);
    accepted(await acme.send('POST', `/api/v1/channels/${channel.id}/customers`, { customer_uuids: [gone.id] }));
    accepted(await acme.send('DELETE', `/api/v1/channels/${channel.id}/customers/${gone.id}`));
    expect(await tracesOf(channel)).toEqual(
      expect.arrayContaining(['channels', 'former_members', 'hidden_messages', 'messages', 'receipts']),
    );

    await deleteForAll(acme, channel);
    expect(await tracesOf(channel)).toEqual([]);
    expectMissing(await acme.send('GET', `/api/v1/channels/${channel.id}`), 'Channel not found');
    expectMissing(await acme.send('GET', `/api/v1/messages/${said.id}`), 'Message not found');
    expectInvalid(await acme.send('POST', '/api/v1/messages', messageIn(channel, john)), 'channel_uuid');
    expect(await totals(acme)).toEqual({ channels: 1, active: [john.id] });
    expect(await inboxOf(acme, jane)).toMatchObject([{ id: other.id, unread_count: 1, last_message: stays }]);
    await expectExactRows(acme.uuid);
    await expect(deleteForAll(acme, channel)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('is counted right where its messages were deleted, and their senders left or were erased', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const jim = await given.customer(acme);
    accepted(await acme.send('POST', `/api/v1/channels/${channel.id}/customers`, { customer_uuids: [jim.id] }));
    const said = [];
    for (const sender of [john, jim, jane, jim, john]) {
      said.push(await given.message(acme, channel, sender));
    }
    accepted(await acme.send('DELETE', `/api/v1/messages/${said[4]!.id}?mode=all_participants`));
    accepted(await acme.send('DELETE', `/api/v1/channels/${channel.id}/customers/${jim.id}`));
    accepted(await acme.send('DELETE', `/api/v1/customers/${jane.id}`));
    expect((await totals(acme)).active).toEqual([jim.id, john.id]);
    await deleteForAll(acme, channel);
    expect(await totals(acme)).toEqual({ channels: 0, active: [] });
    await expectExactRows(acme.uuid);
  });

  it('makes way for another of its set, name or id', async () => {
    const acme = await given.client();
    const people = [await given.customer(acme), await given.customer(acme)];
    const body = { type: 'general' as const, customer_uuids: people.map(({ id }) => id) };
    const first = must(await acme.api.POST('/api/v1/channels', { body }));
    await deleteForAll(acme, first);
    const again = await acme.send('POST', '/api/v1/channels', body);
    expect([again.status, again.body.id === first.id]).toEqual([201, false]);
    await expectExactRows(acme.uuid);
  });

  it('does not exist for another tenant', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { jane, channel } = await given.pair(acme);
    await expect(deleteForAll(other, channel)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(clear(other, channel, jane)).rejects.toMatchObject({ kind: 'not_found' });
    expect((await acme.send('GET', `/api/v1/channels/${channel.id}`)).body).toEqual(channel);
  });

  it('tells of it once, with those who were in it', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    await listen(acme);
    await Promise.allSettled([1, 2, 3].map(() => deleteForAll(acme, channel)));
    const raised = await sql(
      'SELECT type, channel_id, customer_id, data, is_public FROM events WHERE client_id = $1',
      acme.uuid,
    );
    const data = { id: uuid(channel), customerIds: [uuid(john), uuid(jane)].sort() };
    expect(raised).toEqual([
      { type: 'channel.deleted', channel_id: uuid(channel), customer_id: null, data, is_public: true },
    ]);
  });

  it('waits for a message that is being sent, which then is gone with it', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const [client, room, sender] = [acme.uuid, uuid(channel), uuid(john)];
    await beside(async (connection) => {
      await connection.query('BEGIN');
      await connection.query(
        'SELECT FROM channel_members WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 FOR NO KEY UPDATE',
        [client, room, sender],
      );
      const deleted = deleteForAll(acme, channel);
      await until(somebodyWaits);
      const sent = acme.send('POST', '/api/v1/messages', messageIn(channel, john));
      await connection.query('COMMIT');
      await deleted;
      expect([201, 422]).toContain((await sent).status);
    });
    expect(await tracesOf(channel)).toEqual([]);
    await expectExactRows(acme.uuid);
  });
});

describe('A channel that is deleted while one of its senders is erased', () => {
  it('waits for that before it counts', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const other = await given.channel(acme, [john, jane], 'Other');
    for (const place of [channel, channel, other]) {
      await given.message(acme, place, john);
    }
    accepted(await acme.send('DELETE', `/api/v1/channels/${channel.id}/customers/${john.id}`));
    await beside(async (connection) => {
      await connection.query('BEGIN');
      await connection.query(LOCK.text, [acme.uuid, uuid(john)]);
      const deleted = deleteForAll(acme, channel);
      await until(somebodyWaits);
      // One of the transactions of an erasure, which may be cut short after it.
      await connection.query(FORGET.text, [acme.uuid, uuid(john), 1]);
      await connection.query('COMMIT');
      await deleted;
    });
    await expectExactRows(acme.uuid);
    expect((await totals(acme)).active).toEqual([john.id]);
  });
});

describe('A channel that a member clears', () => {
  it('shows it nothing of what was said, and all that is said from then on', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const asJane = await given.session(acme, jane);
    const said = [];
    for (const sender of [john, jane, john, john, jane]) {
      said.push(await given.message(acme, channel, sender));
    }
    accepted(
      await acme.send('POST', `/api/v1/channels/${channel.id}/read`, {
        customer_uuid: jane.id,
        message_uuid: said[0]!.id,
      }),
    );
    accepted(await acme.send('DELETE', `/api/v1/messages/${said[2]!.id}?mode=my_devices&customer_uuid=${jane.id}`));
    accepted(await acme.send('DELETE', `/api/v1/messages/${said[3]!.id}?mode=all_participants`));
    await clear(acme, channel, jane);
    const path = `/api/v1/messages/channel/${channel.id}`;
    expect((await asJane.send('GET', path)).body).toMatchObject({ data: [], total_count: 0 });
    expect((await asJane.send('GET', `/api/v1/channels/customer/${jane.id}`)).body.data).toMatchObject([
      { id: channel.id, unread_count: 0, last_message: null },
    ]);
    expect((await acme.send('GET', path)).body.total_count).toBe(4);
    expect(await inboxOf(acme, john)).toMatchObject([{ unread_count: 2, last_message: said[4] }]);
    await expectExactRows(acme.uuid);

    const next = await given.message(acme, channel, john);
    expect((await asJane.send('GET', path)).body).toMatchObject({ data: [next], total_count: 1 });
    expect(await inboxOf(acme, jane)).toMatchObject([{ unread_count: 1, last_message: next }]);
    accepted(await acme.send('POST', `/api/v1/channels/${channel.id}/read`, { customer_uuid: jane.id }));
    expect(await inboxOf(acme, jane)).toMatchObject([{ unread_count: 0 }]);
    await expectExactRows(acme.uuid);
  });

  it('is cleared up to a position, once, and tells of it', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    await listen(acme);
    const position = async () =>
      (await sql('SELECT cleared_position AS at FROM channel_members WHERE customer_id = $1', uuid(jane)))[0]!.at;
    expect(await position()).toBeNull();
    for (const at of [0, 1, 2]) {
      await clear(acme, channel, jane);
      await clear(acme, channel, jane);
      expect(await position()).toBe(at);
      await given.message(acme, channel, john);
    }
    const raised = await sql(
      `SELECT customer_id, data, is_public FROM events WHERE client_id = $1 AND type = 'channel.cleared' ORDER BY seq`,
      acme.uuid,
    );
    expect(raised).toEqual(
      [0, 1, 2].map((at) => ({
        customer_id: uuid(jane),
        data: { id: uuid(channel), customerId: uuid(jane), position: at },
        is_public: false,
      })),
    );
    await expectExactRows(acme.uuid);
  });

  it('is refused to who is not in it', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const missing = { kind: 'not_found' };
    await expect(clear(acme, channel, await given.customer(acme))).rejects.toMatchObject(missing);
    accepted(await acme.send('DELETE', `/api/v1/channels/${channel.id}/customers/${john.id}`));
    await expect(clear(acme, channel, john)).rejects.toMatchObject(missing);
  });
});
