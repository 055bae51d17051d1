import { describe, expect, it } from '@jest/globals';
import { expectExactRows } from '../../support/exact.js';
import {
  accepted,
  given as givenOn,
  must,
  testClient,
  type Channel,
  type Customer,
  type Reply,
  type TestClient,
} from '../../support/given.js';
import type { ChannelDeletionsService } from '../../../src/messages/deletion/channel-deletions.service.js';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { atOnce, listen, pick } from '../../support/races.js';
import { expectInvalid } from '../../support/refused.js';
import { sendInOne, sendText as send, textFrom, upTo } from '../../support/sending.js';
import { startServer, useServer } from '../../support/server.js';
import { beside, sql } from '../../support/sql.js';

const server = useServer(startServer);
const given = givenOn(() => server);

const statusesOf = (replies: readonly Reply[]) => replies.map(({ status }) => status);
const positionsOf = (replies: readonly Reply[]): number[] => replies.map(({ body }) => body.position);

/** How many commits a client's messages took. */
async function commitsOf({ uuid }: TestClient): Promise<number> {
  const [row] = await sql<{ count: number }>(
    'SELECT count(DISTINCT xmin::text)::int FROM messages WHERE client_id = $1',
    uuid,
  );
  return row!.count;
}

/** Runs `story` while a transaction holds this row. */
function whileHeld(table: string, id: string, story: (end: () => Promise<unknown>) => Promise<void>): Promise<void> {
  return beside(async (connection) => {
    await connection.query('BEGIN');
    await connection.query(`SELECT FROM ${table} WHERE id = $1 FOR UPDATE`, [id]);
    await story(() => connection.query('COMMIT'));
  });
}
const uuidOf = (channel: Channel): string => parseId('channel', channel.id)!;

describe('Messages that are sent at once', () => {
  it('share commits, and each has its place, its event and its delivery, and is counted once', async () => {
    const acme = await given.client();
    const endpoint = { url: 'http://127.0.0.1:9/never', events: ['message.created' as const] };
    must(await acme.api.POST('/api/v1/webhook_endpoints', { body: endpoint }));
    await listen(acme);
    const people = await atOnce(6, () => given.customer(acme));
    const channels = await atOnce(3, (at) => given.channel(acme, people, `Channel ${at}`));
    const bodies = upTo(90).map((at) => textFrom(pick(channels, at), pick(people, at / 3), `Message ${at}`));
    const replies = await sendInOne(server.port, acme, bodies);
    expect(statusesOf(replies)).toEqual(Array(90).fill(201));
    for (const channel of channels) {
      const into = replies.filter(({ body }) => body.channel_id === channel.id);
      expect(positionsOf(into).sort((a, b) => a - b)).toEqual(upTo(30));
    }
    expect(await commitsOf(acme)).toBeLessThan(20);
    await expectExactRows(acme.uuid);

    const rows = await sql<{ at: number; seq: string; position: number; channel_id: string }>(
      `SELECT event.seq, event.channel_id, message.position FROM messages message
       JOIN events event ON event.client_id = $1 AND event.type = 'message.created'
         AND event.data = jsonb_build_object('id', message.id, 'channelId', message.channel_id,
           'senderId', message.sender_id, 'position', message.position, 'type', message.type,
           'content', message.content, 'metadata', message.metadata, 'parts', message.parts,
           'createdAt', message.created_at)
       JOIN webhook_deliveries delivery ON delivery.client_id = $1 AND delivery.event_id = event.id
       WHERE message.client_id = $1
         AND message.created_at >= ALL (SELECT earlier.created_at FROM messages earlier
           WHERE earlier.client_id = $1 AND earlier.channel_id = message.channel_id
             AND earlier.position < message.position)
       ORDER BY event.seq`,
      acme.uuid,
    );
    expect(rows).toHaveLength(90);
    for (const channel of channels) {
      const told = rows.filter((row) => row.channel_id === uuidOf(channel));
      expect(told.map(({ position }) => position)).toEqual(upTo(30));
    }
  });

  it('do not where SEND_BATCH is 1', async () => {
    const one = await startServer({ SEND_BATCH: '1' });
    try {
      const acme = await givenOn(() => one).client();
      const { john, channel } = await givenOn(() => one).pair(acme);
      const replies = await atOnce(20, () => send(acme, channel, john));
      expect(statusesOf(replies)).toEqual(Array(20).fill(201));
      expect(await commitsOf(acme)).toBe(20);
    } finally {
      await one.stop();
    }
  });

  it('of one connection are said in the order in which their sender sent them', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const contents = upTo(60).map((at) => `Message ${at}`);
    const bodies = contents.map((content, at) => textFrom(channel, pick([john, jane], at), content));
    const replies = await sendInOne(server.port, acme, bodies);
    expect(replies.map(({ body }) => body.content)).toEqual(contents);
    for (const { id } of [john, jane]) {
      const positions = positionsOf(replies.filter(({ body }) => body.sender_id === id));
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    }
    expect(positionsOf(replies).sort((a, b) => a - b)).toEqual(upTo(60));
  });

  it('to a customer share them as well, one in the making of the channel included', async () => {
    const acme = await given.client();
    const [john, jane] = [await given.customer(acme), await given.customer(acme)];
    const direct = (from: Customer, to: Customer) =>
      acme.send('POST', '/api/v1/messages/send-to-customer', {
        sender_email: from.email,
        recipient_email: to.email,
        type: 'text',
        content: 'Hello',
      });
    const first = await atOnce(10, () => direct(john, jane));
    const more = await atOnce(40, (at) => (at % 2 === 0 ? direct(john, jane) : direct(jane, john)));
    expect(statusesOf([...first, ...more])).toEqual(Array(50).fill(201));
    expect(positionsOf([...first, ...more]).sort((a, b) => a - b)).toEqual(upTo(50));
    expect(await commitsOf(acme)).toBeLessThan(50);
    const nobody = await Promise.all([direct(john, jane), direct(john, { ...jane, email: 'nobody@example.com' })]);
    expect(statusesOf(nobody)).toEqual([201, 404]);
    await expectExactRows(acme.uuid);
  });

  it('to a customer are said in order even where the channel is to be made first', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const jim = await given.customer(acme);
    const to = { sender_email: john.email, recipient_email: jim.email, type: 'text' };
    const replies = await sendInOne(server.port, acme, [
      ...upTo(5).map(() => textFrom(channel, jane, 'Before')),
      ...upTo(10).map((at) => ({ ...to, content: `Message ${at}` })),
    ]);
    expect(statusesOf(replies)).toEqual(Array(15).fill(201));
    expect(positionsOf(replies.slice(5))).toEqual(upTo(10));
  });

  it('fail alone', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const gone = await given.channel(acme, [john, jane], 'Gone');
    await server
      .get<ChannelDeletionsService>('ChannelDeletionsService')
      .deleteForAll({ clientId: acme.uuid, livemode: false }, uuidOf(gone));
    const jim = await given.customer(acme);
    const taken = accepted(await send(acme, channel, john)).body.id as string;
    const replies = await atOnce(40, (at): Promise<Reply> => {
      switch (at % 8) {
        case 1:
          return send(acme, channel, jim);
        case 3:
          return send(acme, gone, john);
        case 5:
          return acme.send('POST', '/api/v1/messages', { ...textFrom(channel, john, 'Hello'), id: taken });
        default:
          return send(acme, channel, pick([john, jane], at / 2));
      }
    });
    const says = [undefined, 'sender_uuid', undefined, 'channel_uuid'];
    replies.forEach((reply, at) => {
      const field = says[at % 8];
      if (field !== undefined) {
        expectInvalid(reply, field);
      } else {
        expect(reply.status).toBe(at % 8 === 5 ? 409 : 201);
      }
    });
    const positions = positionsOf(replies.filter(({ status }) => status === 201)).sort((a, b) => a - b);
    expect(positions).toEqual(upTo(25).map((at) => at + 1));
    await expectExactRows(acme.uuid);
  });
});

describe('A message that has to wait for another transaction', () => {
  it.each(['channels', 'customers', 'channel_members'])(
    'does not hold up the others, and is overtaken by none of its own: %s',
    async (held) => {
      const acme = await given.client();
      const people = await atOnce(4, () => given.customer(acme));
      const [john, ...others] = people;
      const [stalled, free] = [await given.channel(acme, people, 'Stalled'), await given.channel(acme, others, 'Free')];
      // The counter of those who ever wrote is everybody's.
      await atOnce(4, (at) => send(acme, stalled, people[at]!));
      const answered: string[] = [];
      const say = (to: Channel, from: Customer, content: string) =>
        send(acme, to, from, content).then((reply) => {
          answered.push(content);
          return reply;
        });
      await beside(async (connection) => {
        await connection.query('BEGIN');
        const [where, id] = held === 'customers' ? ['id', parseId('customer', john!.id)] : ['id', uuidOf(stalled)];
        const row = held === 'channel_members' ? 'channel_id = $1 AND customer_id = $2' : `${where} = $1`;
        const values = held === 'channel_members' ? [id, parseId('customer', john!.id)] : [id];
        await connection.query(`SELECT FROM ${held} WHERE ${row} FOR UPDATE`, values);
        const waiting: Promise<Reply>[] = [];
        for (let at = 1; at <= 8; at += 1) {
          waiting.push(say(stalled, john!, `Stalled ${at}`));
          const moving = await atOnce(6, (one) => say(free, pick(others, one), 'Free'));
          expect(statusesOf(moving)).toEqual(Array(6).fill(201));
        }
        expect(answered.filter((content) => content !== 'Free')).toEqual([]);
        await connection.query('COMMIT');
        const replies = await Promise.all(waiting);
        expect(statusesOf(replies)).toEqual(Array(8).fill(201));
        expect(positionsOf(replies)).toEqual(upTo(8).map((at) => at + 4));
      });
      await expectExactRows(acme.uuid);
    },
  );

  it('is refused with 503 after three seconds, as it would be alone, and changed nothing', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    await whileHeld('channels', uuidOf(channel), async (end) => {
      const replies = await atOnce(6, (at) => send(acme, channel, pick([john, jane], at)));
      expect(statusesOf(replies)).toEqual(Array(6).fill(503));
      expect(replies.map(({ body }) => body.message).filter((text) => !/Nothing was changed/.test(text))).toEqual([]);
      await end();
    });
    expect(accepted(await send(acme, channel, john)).body.position).toBe(1);
    await expectExactRows(acme.uuid);
  });

  it('is a first message that waits for the counter, too', async () => {
    const acme = await given.client();
    const people = await atOnce(3, () => given.customer(acme));
    const [known, ...fresh] = people;
    const channels = await atOnce(3, (at) => given.channel(acme, people, `Channel ${at}`));
    accepted(await send(acme, channels[0]!, known!));
    await beside(async (connection) => {
      await connection.query('BEGIN');
      await connection.query('SELECT FROM counters WHERE client_id = $1 FOR UPDATE', [acme.uuid]);
      const firsts = fresh.map((one, at) => send(acme, channels[at + 1]!, one));
      const moving = await atOnce(20, () => send(acme, channels[0]!, known!));
      expect(statusesOf(moving)).toEqual(Array(20).fill(201));
      await connection.query('COMMIT');
      expect(statusesOf(await Promise.all(firsts))).toEqual([201, 201]);
    });
    await expectExactRows(acme.uuid);
  });
});

describe('Two processes of one client', () => {
  it('lose nothing, double nothing and wait for each other nowhere', async () => {
    const acme = await given.client();
    const other = await startServer();
    try {
      const urls = [server.url, other.url].map((url) => testClient(url, acme.uuid, acme.publicKey, acme.secretKey));
      const people = await atOnce(5, () => given.customer(acme));
      const channels = await atOnce(2, (at) => given.channel(acme, people, `Channel ${at}`));
      const replies = await atOnce(200, (at) => send(pick(urls, at), pick(channels, at / 2), pick(people, at / 4)));
      expect(statusesOf(replies)).toEqual(Array(200).fill(201));
      for (const channel of channels) {
        const into = replies.filter(({ body }) => body.channel_id === channel.id);
        expect(positionsOf(into).sort((a, b) => a - b)).toEqual(upTo(100));
      }
      await expectExactRows(acme.uuid);
    } finally {
      await other.stop();
    }
  });
});
