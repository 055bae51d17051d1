import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { accepted, given as givenOn, type Customer, type Reply, type TestClient } from '../support/given.js';
import { atOnce, startRacedServer } from '../support/races.js';
import { sql } from '../support/sql.js';
import { useServer } from '../support/server.js';

const server = useServer(startRacedServer);
const given = givenOn(() => server);

const text = { type: 'text', content: 'Hello' };
const sendTo = '/api/v1/messages/send-to-customer';

/** A tenant; the pool's connections are open, so that what comes at once arrives at once. */
async function warm(): Promise<TestClient> {
  const acme = await given.client();
  (await atOnce(30, () => acme.send('GET', '/api/v1/customers'))).forEach(accepted);
  return acme;
}

/** How often each status was answered. */
function statusesOf(replies: readonly Reply[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of replies) {
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

const distinct = (values: readonly string[]) => new Set(values).size;

const total = async (acme: TestClient, path: string): Promise<number> =>
  (await acme.send('GET', path)).body.total_count;

/** What the lists say of their size is what the rows come to, and the positions in each channel have no gap. */
async function expectExact(acme: TestClient): Promise<void> {
  const rows = {
    customers: 'SELECT count(*)::int FROM customers WHERE client_id = $1',
    channels: 'SELECT count(*)::int FROM channels WHERE client_id = $1',
    active_customers: 'SELECT count(DISTINCT sender_id)::int AS count FROM messages WHERE client_id = $1',
  };
  const counted: Record<string, unknown> = {};
  for (const [name, statement] of Object.entries(rows)) {
    counted[name] = (await sql(statement, acme.uuid))[0]!.count;
  }
  const counters = await sql('SELECT name, value FROM counters WHERE client_id = $1', acme.uuid);
  const others = Object.fromEntries(counters.map(({ name }) => [name, 0]));
  expect(Object.fromEntries(counters.map(({ name, value }) => [name, value]))).toEqual({
    ...{ ...others, ...counted, 'contacts.active': counted.customers },
  });
  expect({
    customers: await total(acme, '/api/v1/customers'),
    channels: await total(acme, '/api/v1/channels'),
    active_customers: await total(acme, '/api/v1/customers/active'),
  }).toEqual(counted);

  const wrong = await sql(
    `SELECT channel.id, channel.message_count, channel.last_position, count(message.id), max(message.position)
     FROM channels channel
     LEFT JOIN messages message ON message.client_id = channel.client_id AND message.channel_id = channel.id
     WHERE channel.client_id = $1
     GROUP BY channel.client_id, channel.id
     HAVING channel.message_count <> count(message.id) OR channel.last_position <> count(message.id)
       OR coalesce(max(message.position), 0) <> count(message.id)
       OR channel.last_message_at IS DISTINCT FROM max(message.created_at)`,
    acme.uuid,
  );
  const wrongMembers = await sql(
    `SELECT member.channel_id, member.customer_id, member.message_count, count(message.id)
     FROM channel_members member
     LEFT JOIN messages message ON message.client_id = member.client_id AND message.channel_id = member.channel_id
       AND message.sender_id = member.customer_id
     WHERE member.client_id = $1
     GROUP BY member.client_id, member.channel_id, member.customer_id
     HAVING member.message_count <> count(message.id)`,
    acme.uuid,
  );
  const wrongSenders = await sql(
    `SELECT customer.id, customer.message_count, count(message.id)
     FROM customers customer
     LEFT JOIN messages message ON message.client_id = customer.client_id AND message.sender_id = customer.id
     WHERE customer.client_id = $1
     GROUP BY customer.client_id, customer.id
     HAVING customer.message_count <> count(message.id)
       OR customer.latest_message_at IS DISTINCT FROM max(message.created_at)`,
    acme.uuid,
  );
  expect({ wrong, wrongMembers, wrongSenders }).toEqual({ wrong: [], wrongMembers: [], wrongSenders: [] });
}

describe('fifty at once', () => {
  it('make one customer of one e-mail', async () => {
    const acme = await warm();
    const email = `${randomUUID()}@example.com`;
    const replies = await atOnce(50, (at) => acme.send('POST', '/api/v1/customers', { name: `John ${at}`, email }));
    expect(statusesOf(replies)).toEqual({ 201: 1, 200: 49 });
    expect(distinct(replies.map((reply) => reply.text))).toBe(1);
    expect(await total(acme, '/api/v1/customers')).toBe(1);
    await expectExact(acme);
  });

  it('make one channel of two people who write to each other for the first time', async () => {
    const acme = await warm();
    const [john, jane] = [await given.customer(acme, 'John'), await given.customer(acme, 'Jane')];
    const replies = await atOnce(50, (at) => {
      const [from, to] = at % 2 ? [john, jane] : [jane, john];
      return acme.send('POST', sendTo, { sender_email: from.email, recipient_email: to.email, ...text });
    });
    expect(statusesOf(replies)).toEqual({ 201: 50 });
    expect(distinct(replies.map(({ body }) => body.channel_id))).toBe(1);
    expect(distinct(replies.map(({ body }) => body.id))).toBe(50);
    expect(await total(acme, '/api/v1/channels')).toBe(1);
    const positions = await sql('SELECT position FROM messages WHERE client_id = $1 ORDER BY position', acme.uuid);
    expect(positions.map(({ position }) => position)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    await expectExact(acme);
  });

  it('make one message under one idempotency key', async () => {
    const acme = await warm();
    const { john, channel } = await given.pair(acme);
    const body = { channel_uuid: channel.id, sender_uuid: john.id, ...text };
    const key = { 'idempotency-key': randomUUID() };
    const replies = await atOnce(50, () => acme.send('POST', '/api/v1/messages', body, key));
    expect(statusesOf(replies)).toEqual({ 201: 50 });
    expect(distinct(replies.map((reply) => reply.text))).toBe(1);
    expect(replies.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
    expect(await total(acme, `/api/v1/messages/channel/${channel.id}`)).toBe(1);
    await expectExact(acme);
  });

  it('make one general channel of one set, in whatever order it is named', async () => {
    const acme = await warm();
    const ids = (await atOnce(4, () => given.customer(acme))).map(({ id }) => id);
    const replies = await atOnce(50, (at) => {
      const customer_uuids = [...ids.slice(at % 4), ...ids.slice(0, at % 4)];
      return acme.send('POST', '/api/v1/channels', { type: 'general', customer_uuids });
    });
    expect(statusesOf(replies)).toEqual({ 201: 1, 200: 49 });
    expect(distinct(replies.map((reply) => reply.text))).toBe(1);
    await expectExact(acme);
  });
});

describe('deadlock bait', () => {
  it('makes channels of overlapping sets in opposite orders, while their members write', async () => {
    const acme = await warm();
    const people = await atOnce(8, () => given.customer(acme));
    const everybody = await given.channel(acme, people, 'Everybody');
    const replies = await atOnce(120, (at) => {
      if (at % 3 === 2) {
        const body = { channel_uuid: everybody.id, sender_uuid: people[at % 8]!.id, ...text };
        return acme.send('POST', '/api/v1/messages', body);
      }
      const ids = people.slice(at % 4, (at % 4) + 5).map(({ id }) => id);
      const customer_uuids = at % 2 ? ids : ids.reverse();
      return acme.send('POST', '/api/v1/channels', { type: 'custom', name: `Number ${at}`, customer_uuids });
    });
    expect(statusesOf(replies)).toEqual({ 201: 120 });
    await expectExact(acme);
  });

  it('lets 12 writers send 25 times each across channels and senders', async () => {
    const acme = await warm();
    const people = await atOnce(6, () => given.customer(acme));
    const channels = await atOnce(4, (at) => given.channel(acme, people, `Number ${at}`));
    const pick = (from: readonly Customer[], at: number) => from[at % from.length]!;
    const replies = await atOnce(12, async (writer) => {
      const mine: Reply[] = [];
      for (let at = 0; at < 25; at += 1) {
        // Half of them go through the channels and the people in the opposite direction.
        const step = writer % 2 ? at + writer : 1_000 - at + writer;
        const sender = pick(people, step);
        const recipient = pick(people, step + 1);
        const keyed: Record<string, string> = at % 5 === 0 ? { 'idempotency-key': randomUUID() } : {};
        const direct = { sender_email: sender.email, recipient_email: recipient.email, ...text };
        const inChannel = { channel_uuid: channels[step % channels.length]!.id, sender_uuid: sender.id, ...text };
        mine.push(
          await (at % 3 === 0
            ? acme.send('POST', sendTo, direct, keyed)
            : acme.send('POST', '/api/v1/messages', inChannel, keyed)),
        );
      }
      return mine;
    });
    expect(statusesOf(replies.flat())).toEqual({ 201: 300 });
    for (const { id } of channels) {
      const [row] = await sql(
        'SELECT count(*)::int FROM messages WHERE client_id = $1 AND channel_id = $2',
        acme.uuid,
        parseId('channel', id),
      );
      expect(await total(acme, `/api/v1/messages/channel/${id}`)).toBe(row!.count);
    }
    await expectExact(acme);
  });
});
