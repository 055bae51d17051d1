import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type Customer, type Reply, type TestClient } from '../../support/given.js';
import { expectFields, expectSane } from '../../support/hostile.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
let acme: TestClient;
let umbrella: TestClient;
beforeAll(async () => {
  [acme, umbrella] = [await given.client(), await given.client({ livemode: true })];
});
const given = givenOn(() => server);

const post = async (path: string, body: unknown, headers?: Record<string, string>, client = acme): Promise<Reply> =>
  expectSane(await client.send('POST', `/api/v1/${path}`, body, headers));
const times = <T>(count: number, make: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)));
const counted = (values: readonly unknown[]): Record<string, number> =>
  values.reduce<Record<string, number>>(
    (sum, value) => ({ ...sum, [String(value)]: (sum[String(value)] ?? 0) + 1 }),
    {},
  );
const customers = (count: number): Promise<Customer[]> => times(count, (at) => given.customer(acme, `Customer ${at}`));
let made = 0;
const local = (): string => `semantics-${(made += 1)}`;

describe('65: An e-mail address', () => {
  it('is one however it is typed', async () => {
    const name = local();
    const first = await post('customers', { name: 'John', email: `${name}@example.com` });
    expect([first.status, first.body.email]).toEqual([201, `${name}@example.com`]);
    for (const email of [`${name.toUpperCase()}@EXAMPLE.com`, ` ${name}@Example.Com\n`, `${name}@ｅｘａｍｐｌｅ.com`]) {
      const again = await post('customers', { name: 'Other', email });
      expect([email, again.status, again.body]).toEqual([email, 200, first.body]);
    }
    const domain = await post('customers', { name: 'John', email: `${name}@Bücher.example` });
    expect([domain.status, domain.body.email]).toEqual([201, `${name}@xn--bcher-kva.example`]);
    expect((await post('customers', { name: 'John', email: `${name}@xn--bcher-kva.example` })).status).toBe(200);
  });

  it.each([
    '\u212Aevin@example.com',
    '\u0130@example.com',
    'a\u200b@example.com',
    'a@exa\u0000mple.com',
    'a@b',
    '@example.com',
    'a b@example.com',
    'a@example.com, b@example.com',
    'John <a@example.com>',
    'a@[127.0.0.1]',
    'a@@example.com',
    '"a b"@example.com\r\nBcc: x',
    `${'x'.repeat(65)}@example.com`,
    'a@-example.com',
    'a@example..com',
  ])('%j is 422', async (email) => expectFields(await post('customers', { name: 'x', email }), 'email'));
});

describe('At once', () => {
  it('66: fifty times the same new e-mail make one customer', async () => {
    const email = `${local()}@example.com`;
    const replies = await times(50, (at) => post('customers', { name: `John ${at}`, email }));
    expect(counted(replies.map(({ status }) => status))).toEqual({ 200: 49, 201: 1 });
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
  });

  it('67: fifty messages each way make one general channel', async () => {
    const [john, jane] = (await customers(2)) as [Customer, Customer];
    const sends = await times(100, (at) => {
      const [from, to] = at % 2 ? [john, jane] : [jane, john];
      const content = { type: 'text', content: `Message ${at}` };
      return post('messages/send-to-customer', { sender_email: from.email, recipient_email: to.email, ...content });
    });
    expect(counted(sends.map(({ status }) => status))).toEqual({ 201: 100 });
    const channels = [...new Set(sends.map(({ body }) => body.channel_id))];
    expect(channels).toHaveLength(1);
    const read = await acme.send('GET', `/api/v1/messages/channel/${channels[0]}?limit=100`);
    expect(read.body.total_count).toBe(100);
    expect(new Set(read.body.data.map(({ content }: { content: string }) => content)).size).toBe(100);
  });

  it('71: overlapping sets in opposite orders never end in a deadlock', async () => {
    const all = await customers(8);
    const ids = all.map(({ id }) => id);
    const replies = await times(60, (at) => {
      const turned = [...ids.slice(at % 8), ...ids.slice(0, at % 8)];
      const set = (at % 2 ? turned.reverse() : turned).slice(0, 3 + (at % 6));
      return post('channels', { type: at % 3 ? 'custom' : 'general', name: `Team ${at % 4}`, customer_uuids: set });
    });
    expect(Object.keys(counted(replies.map(({ status }) => status))).every((status) => /^20[01]$/.test(status))).toBe(
      true,
    );
    const channels = [...new Set(replies.map(({ body }) => body.id as string))].slice(0, 6);
    const members = new Map(replies.map(({ body }) => [body.id, body.customers as Customer[]]));
    const sent = await times(90, (at) => {
      const channel = channels[at % channels.length]!;
      const sender = members.get(channel)![at % members.get(channel)!.length]!;
      return post('messages', { channel_uuid: channel, sender_uuid: sender.id, type: 'text', content: 'Hello' });
    });
    expect(counted(sent.map(({ status }) => status))).toEqual({ 201: 90 });
  });
});

describe('68: customer_uuids', () => {
  const NOBODY = 'One or more customers do not exist or do not belong to this client';
  const channel = (customer_uuids: unknown[], type = 'general') =>
    post('channels', { type, name: 'Team', customer_uuids });

  it('that are too few or too many are 422', async () => {
    const [john] = (await customers(1)) as [Customer];
    for (const list of [[], [john.id], Array<string>(101).fill(john.id), Array<string>(9_000).fill('x')]) {
      expectFields(await channel(list), 'customer_uuids');
    }
  });

  it('that name one twice, in any spelling, or nobody of ours, are 422 alike', async () => {
    const [john, jane] = (await customers(2)) as [Customer, Customer];
    const uuid = (await sql<{ id: string }>('SELECT id FROM customers WHERE email = $1', john.email))[0]!.id;
    const stranger = await given.customer(umbrella);
    const unknown = '018f0000-0000-7000-8000-000000000000';
    for (const list of [
      [john.id, john.id],
      [john.id, uuid],
      [uuid.toUpperCase(), uuid],
      [john.id, jane.id, uuid],
    ]) {
      expect((await channel(list)).body.errors).toEqual({ customer_uuids: [NOBODY] });
    }
    for (const list of [
      [john.id, stranger.id],
      [john.id, unknown],
      [unknown, jane.id, john.id],
    ]) {
      for (const type of ['general', 'custom']) {
        expect((await channel(list, type)).body.errors).toEqual({ customer_uuids: [NOBODY] });
      }
    }
    expectFields(await channel([john.id, jane.id.replace('cus_', 'ch_')]), 'customer_uuids.1');
    expect((await channel([uuid.toUpperCase(), jane.id])).status).toBe(201);
  });

  it('70: of a general channel that exists answer that very channel', async () => {
    const ids = (await customers(3)).map(({ id }) => id);
    const first = await channel(ids);
    expect(first.status).toBe(201);
    for (const list of [ids, [...ids].reverse()]) {
      const again = await channel(list);
      expect([again.status, again.body]).toEqual([200, first.body]);
    }
  });
});

describe('69: A sender', () => {
  it('is another than the recipient', async () => {
    const [john] = (await customers(1)) as [Customer];
    const email = String(john.email);
    for (const recipient_email of [email, email.toUpperCase(), ` ${email}`]) {
      const body = { sender_email: john.email, recipient_email, type: 'text', content: 'x' };
      expectFields(await post('messages/send-to-customer', body), 'recipient_email');
    }
  });

  it('takes part in the channel', async () => {
    const { channel } = await given.pair(acme);
    const [other] = (await customers(1)) as [Customer];
    const theirs = await given.pair(umbrella);
    const send = (channel_uuid: string, sender_uuid: string) =>
      post('messages', { channel_uuid, sender_uuid, type: 'text', content: 'x' });
    const outside = await send(channel.id, other.id);
    expect(outside.body.errors).toEqual({ sender_uuid: ['Sender is not a participant in this channel.'] });
    expect((await send(theirs.channel.id, other.id)).body.errors.channel_uuid).toEqual(['Channel does not exist']);
    expectFields(await send(channel.id, theirs.john.id), 'sender_uuid');
  });
});

describe('72: An Idempotency-Key', () => {
  const messageOf = async (client: TestClient) => {
    const { john, channel } = await given.pair(client);
    return { channel_uuid: channel.id, sender_uuid: john.id, type: 'text', content: local() };
  };
  const KEY = { 'idempotency-key': 'the-same-for-everybody' };

  it('makes fifty at once one, is bound to its request, and is each client’s own', async () => {
    const body = await messageOf(acme);
    const replies = await times(50, () => post('messages', body, KEY));
    const sent = replies.filter(({ status }) => status === 201);
    expect(replies.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(new Set(sent.map(({ text }) => text)).size).toBe(1);
    expect(sent.filter(({ headers }) => !headers.has('idempotent-replayed'))).toHaveLength(1);
    const read = await acme.send('GET', `/api/v1/messages/channel/${body.channel_uuid}`);
    expect(read.body.total_count).toBe(1);
    for (const [path, other] of [
      ['messages', { ...body, content: 'Other' }],
      ['channels', body],
    ] as const) {
      const reply = await post(path, other, KEY);
      expect([reply.status, reply.body.code]).toEqual([422, 'idempotency_key_reused']);
    }
    const theirs = await post('messages', await messageOf(umbrella), KEY, umbrella);
    expect([theirs.status, theirs.headers.has('idempotent-replayed')]).toEqual([201, false]);
  });

  it('is forgotten after 24 hours', async () => {
    const body = await messageOf(acme);
    const key = { 'idempotency-key': local() };
    const first = await post('messages', body, key);
    await sql(
      `UPDATE idempotency_keys SET created_at = created_at - interval '25 hours' WHERE key = $1`,
      key['idempotency-key'],
    );
    const second = await post('messages', body, key);
    expect([second.status, second.body.id === first.body.id]).toEqual([201, false]);
  });

  it.each(['', ' ', 'x'.repeat(256), '\x80', 'a\tb'])('such as %.20j is 400', async (key) => {
    expect((await post('customers', {}, { 'idempotency-key': key })).status).toBe(400);
  });
});
