import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from 'uuidv7';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { call, given as givenOn, type Channel, type Customer, type TestClient } from '../../support/given.js';
import { asClient, Listener, Pusher, RawSocket, session, type Asker } from '../../support/pusher.js';
import { expectInvalid } from '../../support/refused.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
let acme: TestClient;
let john: Customer;
let jane: Customer;
let channel: Channel;
let client: Asker;
beforeAll(async () => {
  acme = await given.client();
  ({ john, jane, channel } = await given.pair(acme));
  client = asClient(server.url, acme);
});
const given = givenOn(() => server);

const PATH = '/broadcasting/auth';
const form = { 'content-type': 'application/x-www-form-urlencoded' };
let sockets = 0;
const newSocketId = (): string => `${Date.now()}.${(sockets += 1)}`;

describe('Leave to subscribe', () => {
  const ask = (channel_name: unknown, socket_id: unknown = newSocketId(), of = acme) =>
    of.send('POST', PATH, { socket_id, channel_name });

  it('is an HMAC-SHA256 by the client’s own secret, asked for as JSON or as a form', async () => {
    const [{ realtime_secret }] = (await sql('SELECT realtime_secret FROM clients WHERE id = $1', acme.uuid)) as [
      { realtime_secret: Buffer },
    ];
    const [socketId, name] = [newSocketId(), `private-channel.${channel.id}`];
    const signature = createHmac('sha256', realtime_secret).update(`${socketId}:${name}`).digest('hex');
    const json = await ask(name, socketId);
    const text = new URLSearchParams({ socket_id: socketId, channel_name: name }).toString();
    const asForm = await acme.send('POST', PATH, text, form);
    const withCharset = await acme.send('POST', PATH, text, {
      'content-type': `${form['content-type']}; charset=UTF-8`,
    });
    for (const reply of [json, asForm, withCharset]) {
      expect([reply.status, reply.body]).toEqual([200, { auth: `${acme.publicKey}:${signature}` }]);
    }
  });

  it('for a presence channel says who the others will see', async () => {
    const { ask: asJohn } = await session(server, acme, john);
    const { auth, channel_data } = await asJohn(newSocketId(), `presence-channel.${channel.id}`);
    expect(auth).toMatch(/^pk_test_\w+:[\da-f]{64}$/);
    expect(JSON.parse(channel_data!)).toEqual({ user_id: john.id, user_info: { name: 'John' } });
  });

  it('is the client’s for what is its own, and nothing else', async () => {
    const umbrella = await given.client();
    const theirs = await given.pair(umbrella);
    const own = [`private-channel.${channel.id}`, `private-customer.${john.id}`, 'private-client'];
    for (const name of own) {
      expect((await ask(name)).status).toBe(200);
    }
    const never = [formatId('channel', uuidv7()), formatId('customer', uuidv7())];
    const refused = [
      `presence-channel.${channel.id}`,
      `private-channel.${theirs.channel.id}`,
      `private-customer.${theirs.john.id}`,
      `private-channel.${never[0]}`,
      `private-customer.${never[1]}`,
      `private-customer.${channel.id}`,
      `channel.${channel.id}`,
      'private-nothing',
      'news',
    ];
    const words = new Set<string>();
    for (const name of refused) {
      const { status, body } = await ask(name);
      words.add(`${status} ${body.error}`);
    }
    expect([...words]).toEqual(['403 Forbidden - Not allowed to subscribe to this channel']);
  });

  it('is a customer’s for its own channels, and nothing else', async () => {
    const { ask: asJohn } = await session(server, acme, john);
    const other = await given.channel(acme, [jane, await given.customer(acme)], 'Without John');
    const own = [
      `private-channel.${channel.id}`,
      `presence-channel.${channel.id}`,
      `presence-presence.channel.${channel.id}`,
      `private-customer.${john.id}`,
    ];
    const socketId = newSocketId();
    for (const name of own) {
      expect((await asJohn(socketId, name)).auth).toContain(acme.publicKey);
    }
    const foreign = [
      `private-channel.${other.id}`,
      `presence-channel.${other.id}`,
      `private-customer.${jane.id}`,
      'private-client',
    ];
    for (const name of foreign) {
      await expect(asJohn(socketId, name)).rejects.toThrow('Forbidden - Not allowed to subscribe to this channel');
    }
  });

  it('on one socket is one owner’s', async () => {
    const socketId = newSocketId();
    const [asJohn, asJane] = [await session(server, acme, john), await session(server, acme, jane)];
    const name = `private-channel.${channel.id}`;
    await asJohn.ask(socketId, name);
    await expect(asJane.ask(socketId, name)).rejects.toThrow('Forbidden - This socket belongs to somebody else');
    expect((await ask(name, socketId)).body.error).toBe('Forbidden - This socket belongs to somebody else');
    // A page that renews its session goes on with the socket that it has.
    const renewed = await session(server, acme, john);
    expect((await renewed.ask(socketId, name)).auth).toContain(acme.publicKey);
  });

  it('needs the scope messages:read, and keys', async () => {
    const narrow = await given.client({ scopes: ['customers:read'] });
    expect((await ask('private-client', undefined, narrow)).body.error).toBe(
      'Forbidden - Missing scope: messages:read',
    );
    const bare = await call(server.url + PATH, 'POST', { socket_id: '1.2', channel_name: 'private-client' });
    expect(bare.status).toBe(401);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no socket', { channel_name: 'private-client' }, 'socket_id'],
    ['a socket that is none', { socket_id: '12', channel_name: 'private-client' }, 'socket_id'],
    ['a socket with a colon', { socket_id: '1.2:private-x', channel_name: 'private-client' }, 'socket_id'],
    ['two lines', { socket_id: '1.2\n', channel_name: 'private-client' }, 'socket_id'],
    ['no channel', { socket_id: '1.2' }, 'channel_name'],
    ['a list of channels', { socket_id: '1.2', channel_name: ['private-client'] }, 'channel_name'],
    ['a long name', { socket_id: '1.2', channel_name: 'x'.repeat(201) }, 'channel_name'],
    ['more than it takes', { socket_id: '1.2', channel_name: 'private-client', admin: '1' }, 'admin'],
  ])('with %s is refused', async (_, body, field) => {
    expectInvalid(await acme.send('POST', PATH, body), field);
    const pairs = Object.entries(body).map(([key, value]) => [key, String(value)] as [string, string]);
    if (!Array.isArray(body.channel_name)) {
      expectInvalid(await acme.send('POST', PATH, new URLSearchParams(pairs).toString(), form), field);
    }
  });

  it('reads a form as strictly as JSON', async () => {
    const send = async (body: string | Uint8Array, type = form['content-type']) =>
      (await acme.send('POST', PATH, body, { 'content-type': type })).status;
    expect(await send('socket_id=1.2&channel_name=%ff')).toBe(400);
    expect(await send('socket_id=1.2&channel_name=%')).toBe(400);
    expect(await send(Uint8Array.of(0x61, 0xff))).toBe(400);
    expect(await send('socket_id=1.2&socket_id=1.3&channel_name=private-client')).toBe(422);
    expect(await send('__proto__=1&socket_id=1.2&channel_name=private-client')).toBe(422);
    expect(await send(`channel_name=${'x'.repeat(300_000)}`)).toBe(413);
    expect(await send('socket_id=1.2', `${form['content-type']}; charset=latin1`)).toBe(415);
    expect(await send('socket_id=1.2', 'multipart/form-data')).toBe(415);
    // Nowhere else is a form as good.
    expect((await acme.send('POST', '/api/v1/customers', 'name=John', form)).status).toBe(415);
  });
});

describe('A subscription', () => {
  it('that is signed is made', async () => {
    const listener = new Listener(server.url, acme.publicKey, client);
    for (const name of [`private-channel.${channel.id}`, `private-customer.${john.id}`, 'private-client']) {
      expect(await listener.subscribe(name)).toEqual({});
    }
    listener.end();
  });

  it('is made by pusher-js alone, with the form that it sends by itself', async () => {
    const local = await given.client({ domain: '127.0.0.1' });
    const { origin: _, ...headers } = local.headers;
    const { hostname, port } = new URL(server.url);
    const pusher = new Pusher(local.publicKey, {
      ...{ wsHost: hostname, wsPort: Number(port), forceTLS: false, enabledTransports: ['ws'], cluster: '' },
      channelAuthorization: { transport: 'ajax', endpoint: `${server.url}${PATH}`, headers },
    });
    await new Promise((resolve, reject) => {
      pusher.subscribe('private-client').bind('pusher:subscription_succeeded', resolve);
      pusher.subscribe('private-client').bind('pusher:subscription_error', reject);
    });
    pusher.disconnect();
  });

  const refusals: ReadonlyArray<readonly [string, (good: string) => object, number]> = [
    ['without a signature', () => ({ channel: 'private-client' }), 401],
    ['with a wrong signature', (auth) => ({ channel: 'private-client', auth: auth.replace(/.$/, 'x') }), 401],
    ['with the signature of another channel', (auth) => ({ channel: `private-channel.${channel.id}`, auth }), 401],
    ['with data that was not signed', (auth) => ({ channel: 'private-client', auth, channel_data: '{}' }), 401],
    ['with a signature that is no text', () => ({ channel: 'private-client', auth: { length: 9 } }), 401],
    ['of a public channel', (auth) => ({ channel: 'news', auth }), 403],
    ['of a channel that is none', (auth) => ({ channel: 'private-news', auth }), 403],
    ['of a very long name', (auth) => ({ channel: 'x'.repeat(30_000), auth }), 403],
  ];
  it.each(refusals)('%s is refused, to that socket only', async (_, dataFor, status) => {
    const [socket, bystander] = [0, 1].map(() => RawSocket.open(server.url, acme.publicKey));
    await Promise.all([socket!, bystander!].map((one) => one.next('pusher:connection_established')));
    const { auth } = await client(socket!.id, 'private-client');
    socket!.send({ event: 'pusher:subscribe', data: dataFor(auth) });
    const [refusal] = await socket!.next('pusher:subscription_error');
    expect(refusal!.data).toEqual({ type: 'AuthError', error: expect.any(String), status });
    expect(bystander!.frames).toHaveLength(1);
    // And it may still do what is right.
    await socket!.subscribe('private-client', client);
    [socket!, bystander!].forEach((one) => one.end());
  });

  it('by somebody else’s signature is refused: it holds for one socket', async () => {
    const [one, other] = [0, 1].map(() => RawSocket.open(server.url, acme.publicKey));
    await Promise.all([one!, other!].map((socket) => socket.next('pusher:connection_established')));
    const { auth } = await client(one!.id, 'private-client');
    other!.send({ event: 'pusher:subscribe', data: { channel: 'private-client', auth } });
    expect((await other!.next('pusher:subscription_error'))[0]!.data).toMatchObject({ status: 401 });
    [one!, other!].forEach((socket) => socket.end());
  });

  it('is refused to who has left the channel since it was signed', async () => {
    const third = await given.customer(acme);
    const team = await given.channel(acme, [john, third], 'Team');
    const { ask } = await session(server, acme, third);
    const socket = RawSocket.open(server.url, acme.publicKey);
    await socket.next('pusher:connection_established');
    const name = `private-channel.${team.id}`;
    const answer = await ask(socket.id, name);
    await sql(
      'DELETE FROM channel_members WHERE client_id = $1 AND customer_id = $2',
      acme.uuid,
      (await sql('SELECT id FROM customers WHERE client_id = $1 AND email = $2', acme.uuid, third.email))[0]!.id,
    );
    socket.send({ event: 'pusher:subscribe', data: { channel: name, ...answer } });
    expect((await socket.next('pusher:subscription_error'))[0]!.data).toMatchObject({ status: 403 });
    socket.end();
  });

  it('is made once, and ends when it is asked to', async () => {
    const listener = RawSocket.open(server.url, acme.publicKey);
    await listener.subscribe('private-client', client);
    listener.send({
      event: 'pusher:subscribe',
      data: { channel: 'private-client', ...(await client(listener.id, 'private-client')) },
    });
    await listener.next('pusher:error');
    listener.send({ event: 'pusher:unsubscribe', data: { channel: 'private-client' } });
    listener.send({ event: 'pusher:unsubscribe', data: { channel: 'private-client' } });
    listener.send({
      event: 'pusher:subscribe',
      data: { channel: 'private-client', ...(await client(listener.id, 'private-client')) },
    });
    await listener.next('pusher_internal:subscription_succeeded', 2);
    listener.end();
  });

  it('is not made more than 200 times on one socket', async () => {
    const socket = RawSocket.open(server.url, acme.publicKey);
    await socket.next('pusher:connection_established');
    const people = await Promise.all(Array.from({ length: 201 }, () => given.customer(acme)));
    for (const { id } of people) {
      const name = `private-customer.${id}`;
      socket.send({ event: 'pusher:subscribe', data: { channel: name, ...(await client(socket.id, name)) } });
    }
    const [refusal] = await socket.next('pusher:subscription_error');
    expect(refusal!.data).toMatchObject({ type: 'LimitReached', status: 403 });
    expect(await socket.next('pusher_internal:subscription_succeeded', 200)).toHaveLength(200);
    socket.end();
  });
});
