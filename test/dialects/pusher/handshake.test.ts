import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ticks } from '../../../src/platform/common/clock.js';
import { accepted, call, given as givenOn, type TestClient } from '../../support/given.js';
import { asClient, Listener, RawSocket } from '../../support/pusher.js';
import { exchangeOne, open as connect, wire, type HeaderLine } from '../../support/raw-http.js';
import { socketsOf, startServer, useServer } from '../../support/server.js';

const server = useServer(startServer);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);

const open = (query?: string, origin?: string, key = acme.publicKey): RawSocket =>
  RawSocket.open(server.url, key, query, origin === undefined ? {} : { origin });

describe('A socket that opens', () => {
  it('is told its id, as pusher-js expects', async () => {
    const listener = new Listener(server.url, acme.publicKey, asClient(server.url, acme));
    await listener.until(() => listener.pusher.connection.state === 'connected');
    expect(listener.socketId).toMatch(/^\d+\.\d+$/);
    listener.end();
  });

  it('gets as its first frame data that is a JSON string', async () => {
    const socket = open();
    const [first] = await socket.next('pusher:connection_established');
    expect(first).toEqual({ event: 'pusher:connection_established', data: expect.any(String) });
    expect(JSON.parse(first!.data as string)).toEqual({
      socket_id: expect.stringMatching(/^\d+\.\d+$/),
      activity_timeout: 120,
    });
    socket.end();
  });

  it.each([
    ['?client=java-client&protocol=5&version=2.4.4', undefined],
    ['?protocol=6', undefined],
    ['?client=js&version=8.6.0&flash=false&protocol=7', 'https://example.com'],
    ['?protocol=7', 'https://example.com:8443'],
  ])('may be asked for with %s from %s', async (query, origin) => {
    const socket = open(query, origin);
    await socket.next('pusher:connection_established');
    socket.end();
  });

  it.each([
    ['no version', 4008, '', undefined],
    ['an empty version', 4008, '?protocol=', undefined],
    ['a version that is no number', 4006, '?protocol=seven', undefined],
    ['a version to come', 4007, '?protocol=8', undefined],
    ['somebody else’s Origin', 4009, '?protocol=7', 'https://example.com.evil.com'],
    ['an Origin that is none', 4009, '?protocol=7', 'null'],
  ])('with %s is told so and closed with %i', async (_, code, query, origin) => {
    const socket = open(query, origin);
    expect((await socket.closed).code).toBe(code);
    expect(socket.frames).toEqual([{ event: 'pusher:error', data: { message: expect.any(String), code } }]);
  });

  it.each(['nobody', 'pk_test_x8vTN3mWqL2RbKj5cYpZ7dHs9GfA4uEi1QzXo6', '%00', encodeURIComponent('ключ')])(
    'with the public key “%s” is closed with 4001',
    async (key) => {
      expect((await open(undefined, undefined, key).closed).code).toBe(4001);
    },
  );

  it('of a disabled client is one of nobody', async () => {
    const gone = await given.client();
    const admin = { authorization: 'Bearer an-operator-key-that-only-the-tests-know' };
    accepted(await call(`${server.url}/admin/v1/clients/${gone.id}`, 'DELETE', undefined, admin));
    expect((await open(undefined, undefined, gone.publicKey).closed).code).toBe(4001);
  });

  it('is closed with 4100 where its client has half of the places already', async () => {
    const small = await startServer({ MAX_SOCKETS: '4' });
    const sockets = Array.from({ length: 3 }, () => RawSocket.open(small.url, acme.publicKey));
    expect((await Promise.race(sockets.map(({ closed }) => closed))).code).toBe(4100);
    const still = sockets.filter(({ wire: { readyState } }) => readyState === 1);
    expect(still).toHaveLength(2);
    still[0]!.end();
    await still[0]!.closed;
    // The place is free once the server has noticed.
    let again = RawSocket.open(small.url, acme.publicKey);
    while (
      (await Promise.race([again.closed, again.next('pusher:connection_established').then(() => null)])) !== null
    ) {
      again = RawSocket.open(small.url, acme.publicKey);
    }
    await small.stop();
    expect((await again.closed).code).toBe(4200);
  });
});

describe('What is no socket', () => {
  const upgrade: readonly HeaderLine[] = [
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ];

  it.each(['/nothing', '/app', '/app/', '/app/a/b', '/apps/x', '/api/v1/nothing', '//app/x'])(
    '%s is 404',
    async (path) => {
      const reply = await exchangeOne(server.port, wire('GET', path, upgrade));
      expect([reply.status, reply.body?.code]).toEqual([404, 'not_found']);
      expect(reply.headers.get('connection')).toBe('close');
    },
  );

  it('a GET without Upgrade is 426', async () => {
    const reply = await call(`${server.url}/app/${acme.publicKey}`, 'GET');
    expect([reply.status, reply.body.code]).toEqual([426, 'upgrade_required']);
    expect(reply.headers.get('upgrade')).toBe('websocket');
  });

  it('a handshake that is none is 400', async () => {
    const path = `/app/${acme.publicKey}?protocol=7`;
    for (const missing of ['Sec-WebSocket-Key', 'Sec-WebSocket-Version']) {
      const stream = await connect(server.port);
      stream.write(
        wire(
          'GET',
          path,
          upgrade.filter(([name]) => name !== missing),
        ),
      );
      const [answer] = (await once(stream, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
      stream.destroy();
    }
  });

  it('a request that only asks for HTTP/2 on the side is answered, body and all', async () => {
    const email = `${randomUUID()}@example.com`;
    const body = JSON.stringify({ name: 'Java', email });
    const headers = [
      ...Object.entries(acme.headers),
      ['Connection', 'Upgrade, HTTP2-Settings'],
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
      ['Content-Type', 'application/json'],
    ] as const;
    const reply = await exchangeOne(server.port, wire('POST', '/api/v1/customers', headers, body));
    expect([reply.status, reply.body.email]).toEqual([201, email]);
  });
});

describe('Silence', () => {
  it('is asked about after 120 seconds, and ends 30 seconds later with 4201', async () => {
    const [silent, lively, old] = [open(), open(), open()];
    const ask = asClient(server.url, acme);
    await Promise.all([silent, lively, old].map((socket) => socket.subscribe('private-client', ask)));
    const sockets = socketsOf(server);
    const start = ticks();
    sockets.sweep(start + 119_000);
    sockets.sweep(start + 121_000);
    sockets.sweep(start + 126_000);
    await Promise.all([silent, lively, old].map((socket) => socket.next('pusher:ping')));
    lively.send({ event: 'pusher:pong', data: {} });
    // ws answers it below the surface, as every server must.
    old.wire.ping();
    old.send({ event: 'pusher:ping', data: {} });
    await old.next('pusher:pong');
    lively.send({ event: 'pusher:ping', data: {} });
    await lively.next('pusher:pong');
    sockets.sweep(start + 150_000);
    expect((await silent.closed).code).toBe(4201);
    expect(await silent.next('pusher:ping')).toEqual([{ event: 'pusher:ping', data: {} }]);
    expect([lively, old].map(({ wire: { readyState } }) => readyState)).toEqual([1, 1]);
    [lively, old].forEach((socket) => socket.end());
  });
});
