import { describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { uuidv7 } from 'uuidv7';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import type { Database } from '../../../src/platform/database/database.js';
import type { EventData, EventType } from '../../../src/platform/outbox/event-types.js';
import { given as givenOn, type Channel, type Customer, type Message, type TestClient } from '../../support/given.js';
import { asClient, Listener, session } from '../../support/pusher.js';
import { startServer, useServer } from '../../support/server.js';
import { beside, sql } from '../../support/sql.js';

const server = useServer(startServer);
const given = givenOn(() => server);

interface World {
  readonly acme: TestClient;
  readonly john: Customer;
  readonly jane: Customer;
  readonly channel: Channel;
  readonly names: { readonly channel: string; readonly john: string; readonly jane: string };
  /** Of the client itself: on the channel, on both customers' own, and on the client's. */
  readonly all: Listener;
  readonly uuid: (of: 'john' | 'jane' | 'channel') => string;
  /** Writes down an event as the core would. */
  readonly raise: <T extends EventType>(
    type: T,
    data: EventData[T],
    of?: { channelId?: string; customerId?: string },
  ) => Promise<void>;
}

async function world(): Promise<World> {
  const acme = await given.client();
  const { john, jane, channel } = await given.pair(acme);
  const own = ({ id }: Customer) => `private-customer.${id}`;
  const names = { channel: `private-channel.${channel.id}`, john: own(john), jane: own(jane) };
  const all = new Listener(server.url, acme.publicKey, asClient(server.url, acme));
  for (const name of [...Object.values(names), 'private-client']) {
    await all.subscribe(name);
  }
  const ids = { john: parseId('customer', john.id)!, jane: parseId('customer', jane.id)! };
  const uuids = { ...ids, channel: parseId('channel', channel.id)! };
  return {
    ...{ acme, john, jane, channel, names, all },
    uuid: (of) => uuids[of],
    raise: async (type, data, { channelId, customerId } = {}) => {
      await sql(
        `INSERT INTO events (client_id, id, type, channel_id, customer_id, data) VALUES ($1, $2, $3, $4, $5, $6)`,
        ...[acme.uuid, uuidv7(), type, channelId ?? null, customerId ?? null, JSON.stringify(data)],
      );
      server.get<Database>('Database').commits.notify();
    },
  };
}

const send = ({ acme, channel }: World, from: Customer, content = 'Hello', metadata?: object) =>
  acme
    .send('POST', '/api/v1/messages', {
      ...{ channel_uuid: channel.id, sender_uuid: from.id, type: 'text', content },
      ...(metadata ? { metadata } : {}),
    })
    .then(({ body }) => body as Message);

describe('A message', () => {
  it('is told on every channel that hears of it, as the REST object', async () => {
    const here = await world();
    const { all, names, john, jane, channel } = here;
    const message = await send(here, john, 'Grüße 👋', { z: 1, a: { b: [null, 1.5] } });
    for (const name of [...Object.values(names), 'private-client']) {
      expect((await all.next('message.sent', 1, name)).map(({ data }) => data)).toEqual([{ message }]);
    }
    // Byte for byte: the very same keys in the very same order.
    expect(JSON.stringify(all.of('message.sent')[0]!.data.message)).toBe(JSON.stringify(message));
    const [unread] = await all.next('unread.changed');
    expect(unread).toEqual({
      channel: names.jane,
      event: 'unread.changed',
      data: { channel_id: channel.id, unread_count: 1, total_unread: 1 },
    });
    await send(here, jane);
    await all.next('unread.changed', 2);
    expect(all.of('unread.changed').map(({ channel: on }) => on)).toEqual([names.jane, names.john]);
    all.end();
  });

  it('adds to what is unread in all channels', async () => {
    const here = await world();
    const second = await given.channel(here.acme, [here.john, here.jane], 'Second');
    await given.message(here.acme, second, here.john);
    await here.all.next('unread.changed', 1, here.names.jane);
    await send(here, here.john);
    const [, last] = await here.all.next('unread.changed', 2, here.names.jane);
    expect(last!.data).toEqual({ channel_id: here.channel.id, unread_count: 1, total_unread: 2 });
    here.all.end();
  });

  it('is heard by members with a session, and by nobody else', async () => {
    const here = await world();
    const { acme, john, jane, channel, names } = here;
    const stranger = await given.customer(acme);
    await given.channel(acme, [stranger, john], 'Elsewhere');
    const [asJane, asStranger, elsewhere] = [
      new Listener(server.url, acme.publicKey, (await session(server, acme, jane)).ask),
      new Listener(server.url, acme.publicKey, (await session(server, acme, stranger)).ask),
      new Listener(server.url, (await given.client()).publicKey, (await session(server, acme, stranger)).ask),
    ];
    await asJane.subscribe(names.channel);
    await asJane.subscribe(names.jane);
    await asStranger.subscribe(`private-customer.${stranger.id}`);
    await expect(asStranger.subscribe(names.channel)).rejects.toThrow();
    // A signature of one client is none for another's socket.
    await expect(elsewhere.subscribe(`private-customer.${stranger.id}`)).rejects.toThrow();
    const sent = await given.message(acme, channel, john);
    await asJane.next('message.sent', 2);
    expect(asJane.of('message.sent').map(({ data }) => data.message.id)).toEqual([sent.id, sent.id]);
    expect([asStranger, elsewhere].flatMap(({ heard }) => heard)).toEqual([]);
    [asJane, asStranger, elsewhere, here.all].forEach((listener) => listener.end());
  });

  it('is told once it is committed and not before, however late; and never where it is not', async () => {
    const here = await world();
    const { acme, all, names, uuid } = here;
    const write = (connection: Client, content: string) => {
      const stored = { id: uuidv7(), channelId: uuidv7(), senderId: uuid('john'), position: 1, type: 'text', content };
      return connection.query(`INSERT INTO events (client_id, id, type, data) VALUES ($1, $2, 'message.created', $3)`, [
        acme.uuid,
        uuidv7(),
        JSON.stringify({ ...stored, metadata: null, createdAt: '2026-01-01T00:00:00+00:00' }),
      ]);
    };
    const told = () => all.of('message.sent', 'private-client').map(({ data }) => data.message.content);
    await beside(async (late) => {
      await beside(async (never) => {
        await late.query('BEGIN');
        await write(late, 'Late');
        await never.query('BEGIN');
        await write(never, 'Never');
        await send(here, here.john, 'First');
        await all.next('message.sent', 1, names.channel);
        expect(told()).toEqual(['First']);
        await never.query('ROLLBACK');
        await late.query('COMMIT');
      });
    });
    await all.next('message.sent', 2, 'private-client');
    await send(here, here.john, 'Last');
    await all.next('message.sent', 3, 'private-client');
    expect(told()).toEqual(['First', 'Late', 'Last']);
    all.end();
  });

  it('that is deleted for all is told to all; for one’s own devices, to those', async () => {
    const here = await world();
    const { all, names, uuid, channel } = here;
    const sent = await send(here, here.john);
    const gone = { id: parseId('message', sent.id)!, channelId: uuid('channel') };
    const of = { channelId: uuid('channel') };
    await here.raise('message.deleted', { ...gone, mode: 'my_devices', customerId: uuid('jane') }, of);
    await all.next('message.deleted', 2);
    await here.raise('message.deleted', { ...gone, mode: 'all_participants', customerId: null }, of);
    await all.next('message.deleted', 6);
    const data = (mode: string) => ({ id: sent.id, channel_id: channel.id, mode });
    const told = all.of('message.deleted');
    const channels = told.map((one) => one.channel);
    expect(told.map((one) => one.data)).toEqual([
      ...Array(2).fill(data('my_devices')),
      ...Array(4).fill(data('all_participants')),
    ]);
    expect([channels.slice(0, 2).sort(), channels.slice(2).sort()]).toEqual([
      [names.jane, 'private-client'].sort(),
      [...Object.values(names), 'private-client'].sort(),
    ]);
    expect(all.of('unread.changed').map(({ channel: on }) => on)).toEqual(
      expect.arrayContaining([names.jane, names.john]),
    );
    all.end();
  });
});

describe('What else happens', () => {
  it.each(['message.read', 'message.delivered'] as const)('%s is told to all of the channel', async (type) => {
    const here = await world();
    const { all, names, uuid, jane, channel } = here;
    const sent = await send(here, here.john);
    const receipt = { customerId: uuid('jane'), channelId: uuid('channel'), position: 1 };
    await here.raise(type, { ...receipt, messageId: parseId('message', sent.id)! }, { channelId: uuid('channel') });
    const told = await all.next(type, 4);
    expect(told.map(({ channel: on }) => on).sort()).toEqual([...Object.values(names), 'private-client'].sort());
    expect(told[0]!.data).toEqual({
      ...{ customer_id: jane.id, channel_id: channel.id },
      ...{ position: 1, message_id: sent.id },
    });
    if (type === 'message.read') {
      await all.next('unread.changed', 2, names.jane);
    }
    all.end();
  });

  it('a new channel is told to its members and to the client', async () => {
    const { acme, all, john, jane, names } = await world();
    const made = await given.channel(acme, [john, jane], 'New');
    const told = await all.next('channel.created', 3);
    expect(told.map(({ channel: on }) => on).sort()).toEqual([names.john, names.jane, 'private-client'].sort());
    expect(told[0]!.data).toEqual({ channel: made });
    all.end();
  });

  it('a changed channel is told to all of it', async () => {
    const { acme, all, channel, names, uuid, raise } = await world();
    await raise('channel.updated', { id: uuid('channel') }, { channelId: uuid('channel') });
    const told = await all.next('channel.updated', 4);
    expect(told.map(({ channel: on }) => on).sort()).toEqual([...Object.values(names), 'private-client'].sort());
    expect(told[0]!.data).toEqual({ channel: (await acme.send('GET', `/api/v1/channels/${channel.id}`)).body });
    all.end();
  });

  it('customers are told of to the client only', async () => {
    const { acme, all, john, uuid, raise } = await world();
    const made = await given.customer(acme, 'New');
    await raise('customer.updated', { id: uuid('john') }, { customerId: uuid('john') });
    await raise('customer.deleted', { id: uuid('john') }, { customerId: uuid('john') });
    await all.next('customer.deleted');
    // Who made is a contact, too, which the same channel is told of.
    expect(all.heard.filter(({ event }) => event !== 'contact.created')).toEqual([
      { channel: 'private-client', event: 'customer.created', data: { customer: made } },
      { channel: 'private-client', event: 'customer.updated', data: { customer: john } },
      { channel: 'private-client', event: 'customer.deleted', data: { id: john.id } },
    ]);
    all.end();
  });

  it('what is gone before it can be told is passed over', async () => {
    const here = await world();
    await here.raise('channel.updated', { id: uuidv7() }, { channelId: uuidv7() });
    await send(here, here.john);
    await here.all.next('message.sent', 4);
    expect(here.all.of('channel.updated')).toEqual([]);
    here.all.end();
  });
});

describe('A customer that leaves a channel', () => {
  it('is told so, and hears nothing of it any more', async () => {
    const here = await world();
    const { acme, jane, john, channel, names, uuid } = here;
    const { ask } = await session(server, acme, jane);
    const asJane = new Listener(server.url, acme.publicKey, ask);
    const mine = [names.channel, names.jane, `presence-channel.${channel.id}`];
    for (const name of mine) {
      await asJane.subscribe(name);
    }
    await sql(
      'DELETE FROM channel_members WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3',
      ...[acme.uuid, uuid('channel'), uuid('jane')],
    );
    const left = { channelId: uuid('channel'), customerId: uuid('jane') };
    await here.raise('member.left', left, left);
    const data = { channel_id: channel.id, customer_id: jane.id };
    expect((await asJane.next('user.left', 2)).map((one) => [one.channel, one.data])).toEqual([
      [names.channel, data],
      [names.jane, data],
    ]);
    await here.all.next('user.left', 4);
    await send(here, john);
    await here.all.next('message.sent', 3);
    // A later word on the same socket has come, so the message would have, too.
    const other = await given.channel(acme, [jane, john], 'Other');
    await given.message(acme, other, john, 'Elsewhere');
    const heard = await asJane.next('message.sent');
    expect(heard.map((one) => [one.channel, one.data.message.content])).toEqual([[names.jane, 'Elsewhere']]);
    await expect(ask(asJane.socketId, names.channel)).rejects.toThrow('Forbidden');
    [asJane, here.all].forEach((listener) => listener.end());
  });

  it('that joins hears what is said from then on', async () => {
    const here = await world();
    const { acme, names, uuid, channel } = here;
    const late = await given.customer(acme, 'Late');
    const lateId = parseId('customer', late.id)!;
    const asLate = new Listener(server.url, acme.publicKey, (await session(server, acme, late)).ask);
    await asLate.subscribe(`private-customer.${late.id}`);
    await sql(
      `INSERT INTO channel_members (client_id, channel_id, customer_id, joined_position, seen_count) VALUES ($1, $2, $3, 1, 1)`,
      ...[acme.uuid, uuid('channel'), lateId],
    );
    await send(here, here.john, 'Before');
    const joined = { channelId: uuid('channel'), customerId: lateId };
    await here.raise('member.joined', joined, joined);
    expect((await asLate.next('user.joined'))[0]!.data).toEqual({ channel_id: channel.id, customer_id: late.id });
    await send(here, here.john, 'After');
    const heard = await asLate.next('message.sent');
    expect(heard.map(({ data }) => data.message.content)).toEqual(['After']);
    expect(here.all.of('user.joined').map(({ channel: on }) => on)).toEqual(expect.arrayContaining([names.channel]));
    [asLate, here.all].forEach((listener) => listener.end());
  });
});
