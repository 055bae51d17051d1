import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { given as givenOn, type Reply } from '../../support/given.js';
import { expectInvalid, expectMissing } from '../../support/refused.js';
import { startServer, useServer } from '../../support/server.js';
import { operations } from '../../support/truth.js';

const server = useServer();
const given = givenOn(() => server);

/** What a request of a customer can name. */
interface Names {
  readonly customer: string;
  readonly email: string;
  readonly channel: string;
  readonly message: string;
}
const unknown = (): Names => ({
  customer: formatId('customer', randomUUID()),
  email: `${randomUUID()}@example.com`,
  channel: formatId('channel', randomUUID()),
  message: formatId('message', randomUUID()),
});

/** Jane asks. John has a channel with her and one without; another tenant has as much. */
async function world() {
  const [acme, umbrella] = [await given.client(), await given.client()];
  const { john, jane, channel } = await given.pair(acme);
  const hers = await given.message(acme, channel, jane, 'From Jane');
  const his = await given.message(acme, channel, john, 'From John');
  const without = await given.channel(acme, [john, await given.customer(acme)], 'Without Jane');
  const elsewhere = await given.message(acme, without, john);
  const theirs = await given.pair(umbrella);
  const theirMessage = await given.message(umbrella, theirs.channel, theirs.john);
  const own: Names = { customer: jane.id, email: jane.email!, channel: channel.id, message: hers.id };
  const others: Names[] = [
    { customer: john.id, email: john.email!, channel: without.id, message: elsewhere.id },
    { customer: theirs.john.id, email: theirs.john.email!, channel: theirs.channel.id, message: theirMessage.id },
  ];
  return { acme, john, jane, channel, hers, his, own, others, session: await given.session(acme, jane) };
}

const text = { type: 'text', content: 'Hello' };
/** Every way in, with what it needs to name, and how it is answered where all of that is one's own. */
const WAYS: ReadonlyArray<readonly [string, number, (names: Names) => readonly [string, unknown?]]> = [
  ['GET /customers/{id}', 200, ({ customer }) => [`/customers/${customer}`]],
  ['GET /channels/{id}', 200, ({ channel }) => [`/channels/${channel}`]],
  ['GET /channels/customer/{id}', 200, ({ customer }) => [`/channels/customer/${customer}`]],
  ['GET /channels/by-email', 200, ({ email }) => [`/channels/by-email?email=${encodeURIComponent(email)}`]],
  ['GET /messages/channel/{id}', 200, ({ channel }) => [`/messages/channel/${channel}`]],
  ['GET /messages/customer/{id}', 200, ({ customer }) => [`/messages/customer/${customer}`]],
  ['GET /messages/{id}', 200, ({ message }) => [`/messages/${message}`]],
  ['GET /messages/{id}/receipts', 200, ({ message }) => [`/messages/${message}/receipts`]],
  [
    'POST /messages',
    201,
    ({ channel, customer }) => ['/messages', { channel_uuid: channel, sender_uuid: customer, ...text }],
  ],
  [
    'POST /channels/{id}/read',
    200,
    ({ channel, customer }) => [`/channels/${channel}/read`, { customer_uuid: customer }],
  ],
  [
    'POST /channels/{id}/delivered',
    200,
    ({ channel, customer }) => [`/channels/${channel}/delivered`, { customer_uuid: customer }],
  ],
  [
    'DELETE /messages/{id}',
    204,
    ({ message, customer }) => [`/messages/${message}?mode=my_devices&customer_uuid=${customer}`],
  ],
  ['DELETE /messages/{id}', 204, ({ message }) => [`/messages/${message}?mode=all_participants`]],
];
/** What sessions may do besides is held to in tests of their own. */
const ELSEWHERE = [
  'POST /broadcasting/auth',
  ...['POST /files', 'GET /files/{id}'],
  ...['GET /customers/{id}/devices', 'POST /customers/{id}/devices'],
  ...['DELETE /customers/{id}/devices', 'DELETE /customers/{id}/devices/{device_id}'],
];

/** All of an answer but what differs between any two. */
const essence = ({ status, headers, text: said }: Reply): unknown => ({
  status,
  headers: [...headers.keys()].sort(),
  text: said.replace(/req_[\da-f-]{36}/g, '<request>'),
});
const told = async (reply: Promise<Reply>): Promise<[number, string]> => {
  const { status, body } = await reply;
  return [status, body.error];
};
const FORBIDDEN = [403, 'Forbidden - Not allowed for a customer session'];

describe('A customer session', () => {
  it('is let in by these ways, and no other', () => {
    const open = operations.filter(({ operation }) => operation.security?.some((one) => 'session_token' in one));
    const names = open.map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`);
    expect(names.sort()).toEqual([...new Set(WAYS.map(([name]) => name)), ...ELSEWHERE].sort());
  });

  it.each(WAYS)('%s', async (name, status, request) => {
    const { session, own, others } = await world();
    const ask = (names: Names): Promise<Reply> => {
      const [path, body] = request(names);
      return session.send(name.split(' ')[0]!, `/api/v1${path}`, body);
    };
    const names = (place: keyof Names): boolean =>
      JSON.stringify(request(own)) !== JSON.stringify(request({ ...own, [place]: 'x' }));
    for (const place of (['channel', 'message'] as const).filter(names)) {
      const never = await ask({ ...own, [place]: unknown()[place] });
      expectMissing(never, place === 'channel' ? 'Channel not found' : 'Message not found');
      for (const other of others) {
        expect(essence(await ask({ ...own, [place]: other[place] }))).toEqual(essence(never));
      }
    }
    for (const place of (['customer', 'email'] as const).filter(names)) {
      for (const other of [...others, unknown()]) {
        expect(await told(ask({ ...own, [place]: other[place] }))).toEqual(FORBIDDEN);
      }
    }
    expect((await ask(own)).status).toBe(status);
  });

  it('writes as itself, and is heard so', async () => {
    const { acme, session, own, jane, channel } = await world();
    const body = { channel_uuid: own.channel, sender_uuid: own.customer, type: 'text', content: 'In person' };
    const sent = await session.send('POST', '/api/v1/messages', body);
    expect(sent.body).toMatchObject({ channel_id: channel.id, sender_id: jane.id, content: 'In person' });
    expect((await acme.send('GET', `/api/v1/messages/${sent.body.id}`)).body).toEqual(sent.body);
  });

  it('takes back for all what it sent, and nothing that another did', async () => {
    const { acme, session, hers, his } = await world();
    const query = 'mode=all_participants';
    expect(await told(session.send('DELETE', `/api/v1/messages/${his.id}?${query}`))).toEqual(FORBIDDEN);
    expect((await session.send('DELETE', `/api/v1/messages/${hers.id}?${query}`)).status).toBe(204);
    expectMissing(await acme.send('GET', `/api/v1/messages/${hers.id}`), 'Message not found');
    expect((await acme.send('GET', `/api/v1/messages/${his.id}`)).status).toBe(200);
  });

  it('does not see what it hid; the key does', async () => {
    const { acme, session, own, his, hers } = await world();
    const hide = `/api/v1/messages/${his.id}?mode=my_devices&customer_uuid=${own.customer}`;
    expect((await session.send('DELETE', hide)).status).toBe(204);
    const seenBy = async ({ send }: Pick<typeof session, 'send'>) => {
      const of = async (path: string): Promise<Reply['body']> => (await send('GET', `/api/v1${path}`)).body;
      const listed = (await of(`/messages/channel/${own.channel}`)).data as Array<{ id: string }>;
      const [inbox] = (await of(`/channels/customer/${own.customer}`)).data;
      const [conversation] = (await of(`/channels/by-email?email=${encodeURIComponent(own.email)}`)).data.conversations;
      const single = [`/messages/${his.id}`, `/messages/${his.id}/receipts`].map((path) =>
        send('GET', `/api/v1${path}`),
      );
      return {
        listed: listed.map(({ id }) => id),
        last: [inbox, conversation.channels[0]].map((one) => one.last_message.id),
        single: (await Promise.all(single)).map(({ status }) => status),
      };
    };
    expect(await seenBy(session)).toEqual({ listed: [hers.id], last: [hers.id, hers.id], single: [404, 404] });
    expect(await seenBy(acme)).toEqual({ listed: [hers.id, his.id], last: [his.id, his.id], single: [200, 200] });
  });

  it.each(['read', 'delivered'])('marks as %s up to a message of that channel', async (kind) => {
    const { session, own, others, hers } = await world();
    const mark = (message_uuid: string): Promise<Reply> =>
      session.send('POST', `/api/v1/channels/${own.channel}/${kind}`, { customer_uuid: own.customer, message_uuid });
    for (const { message } of [...others, unknown()]) {
      expectInvalid(await mark(message), 'message_uuid', 'Message does not exist in this channel.');
    }
    const { body } = await mark(hers.id);
    expect(body).toMatchObject({ object: 'receipt', customer_id: own.customer, channel_id: own.channel, position: 1 });
  });

  it('gets no answer that another customer got, though it knows the Idempotency-Key', async () => {
    const { acme, session, john, channel } = await world();
    const key = { 'idempotency-key': randomUUID() };
    const body = { channel_uuid: channel.id, sender_uuid: john.id, ...text };
    expect((await (await given.session(acme, john)).send('POST', '/api/v1/messages', body, key)).status).toBe(201);
    const copied = await session.send('POST', '/api/v1/messages', body, key);
    expect([copied.status, copied.headers.has('idempotent-replayed')]).toEqual([403, false]);
    // Nor does it bar the client from that key.
    expect((await acme.send('POST', '/api/v1/messages', { ...body, content: 'Other' }, key)).status).toBe(201);
  });

  it('is answered again under its Idempotency-Key, by a newer session of its customer too', async () => {
    const { acme, session, jane, channel } = await world();
    const key = { 'idempotency-key': randomUUID() };
    const body = { channel_uuid: channel.id, sender_uuid: jane.id, ...text };
    const first = await session.send('POST', '/api/v1/messages', body, key);
    const again = await (await given.session(acme, jane)).send('POST', '/api/v1/messages', body, key);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('is told what is left of its own rate limit', async () => {
    const limited = await startServer({ RATE_LIMIT: '5' });
    try {
      const on = givenOn(() => limited);
      const acme = await on.client();
      const john = await on.customer(acme);
      const [hasty, calm] = [await on.session(acme, john), await on.session(acme, john)];
      const ask = (session: typeof hasty): Promise<Reply> => session.send('GET', `/api/v1/customers/${john.id}`);
      const replies = await Promise.all(Array.from({ length: 40 }, () => ask(hasty)));
      const refused = replies.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(5);
      for (const { status, headers } of replies) {
        expect([200, 429]).toContain(status);
        expect(headers.get('x-ratelimit-limit')).toBe('10');
        expect(headers.get('x-ratelimit-remaining')).toMatch(status === 429 ? /^0$/ : /^\d$/);
        expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
        expect(headers.has('retry-after')).toBe(status === 429);
      }
      expect([(await ask(calm)).status, (await acme.send('GET', '/api/v1/customers')).status]).toEqual([200, 200]);
    } finally {
      await limited.stop();
    }
  });
});

describe('A customer session subscribes', () => {
  const leaveFor = (session: { send: (...all: [string, string, unknown]) => Promise<Reply> }, channel_name: string) =>
    session.send('POST', '/broadcasting/auth', { socket_id: `${Math.floor(Math.random() * 1e9)}.1`, channel_name });

  it('to what is its own', async () => {
    const { session, own, acme } = await world();
    const signed = new RegExp(`^${acme.publicKey}:[\\da-f]{64}$`);
    for (const name of [`private-channel.${own.channel}`, `private-customer.${own.customer}`]) {
      const { status, body } = await leaveFor(session, name);
      expect({ status, body }).toEqual({ status: 200, body: { auth: expect.stringMatching(signed) } });
    }
    const { body } = await leaveFor(session, `presence-channel.${own.channel}`);
    expect(body.auth).toMatch(signed);
    expect(JSON.parse(body.channel_data)).toEqual({ user_id: own.customer, user_info: { name: 'Jane' } });
  });

  it('to nothing else, whatever there is', async () => {
    const { session, others } = await world();
    for (const { channel, customer } of [...others, unknown()]) {
      for (const name of [
        `private-channel.${channel}`,
        `presence-channel.${channel}`,
        `private-customer.${customer}`,
      ]) {
        expect(await told(leaveFor(session, name))).toEqual([
          403,
          'Forbidden - Not allowed to subscribe to this channel',
        ]);
      }
    }
    expect((await leaveFor(session, 'private-client')).status).toBe(403);
  });
});
