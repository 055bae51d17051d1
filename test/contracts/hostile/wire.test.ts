import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startFileServer, uploaded } from '../../support/files.js';
import { given as givenOn, type Reply, type TestClient } from '../../support/given.js';
import { expectRefused, linesOf } from '../../support/hostile.js';
import { ACCEPT, expectChallenge, layerApp } from '../../support/layer.js';
import { answersOn, exchange, exchangeOne, open, wire, type HeaderLine } from '../../support/raw-http.js';
import { connectionsOf, useServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';
import { until } from '../../support/until.js';

const server = useServer(startFileServer);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);

const HOST: HeaderLine = ['Host', 'example.com'];
const UPGRADE: readonly HeaderLine[] = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
];
const ask = (path: string, headers: readonly HeaderLine[], method = 'GET'): Promise<Reply> =>
  exchangeOne(server.port, wire(method, path, headers));
const GARBAGE = '\u0000\u0001 no request\r\n\r\n';

describe('Two Host headers', () => {
  it.each([
    ['the same', HOST],
    ['another', ['host', 'evil.example'] as const],
  ])('are 400 where the second is %s, and the connection is closed', async (_, second) => {
    for (const path of ['/api/v1/customers', '/health/live', '/nowhere']) {
      const reply = await ask(path, [...linesOf(acme), HOST, second]);
      expectRefused(reply, 400, 'More than one Host header');
      expect(reply.headers.get('connection')).toBe('close');
    }
    expectRefused(await ask(`/app/${acme.publicKey}?protocol=7`, [...UPGRADE, HOST, second]), 400);
    const layer = await ask('/layer/', [HOST, second, ['Accept', ACCEPT]]);
    expect([layer.status, layer.body.id]).toEqual([400, 'invalid_request']);
  });
});

describe('A WebSocket over HTTP/1.0', () => {
  it('is no WebSocket', async () => {
    const bytes = wire('GET', `/app/${acme.publicKey}?protocol=7`, UPGRADE).toString('latin1');
    const reply = await exchangeOne(server.port, bytes.replace('HTTP/1.1', 'HTTP/1.0'));
    expectRefused(reply, 426);
  });
});

describe('Two Authorization headers', () => {
  const twice = (value: string): HeaderLine[] => [
    ['Authorization', value],
    ['authorization', value],
  ];

  it('are none for the operator', async () => {
    const path = '/admin/v1/clients';
    expect((await ask(path, [['Authorization', `Bearer ${ADMIN_KEY}`]])).status).toBe(200);
    expectRefused(await ask(path, twice(`Bearer ${ADMIN_KEY}`)), 401);
  });

  it('are none for a customer’s session, in the core and in Layer’s words', async () => {
    const { john } = await given.pair(acme);
    const { token } = await given.session(acme, john);
    const origin: HeaderLine = ['Origin', 'https://example.com'];
    expect((await ask(`/api/v1/customers/${john.id}`, [origin, ['Authorization', `Bearer ${token}`]])).status).toBe(
      200,
    );
    expectRefused(await ask(`/api/v1/customers/${john.id}`, [origin, ...twice(`Bearer ${token}`)]), 401);
    const session = await (await layerApp(() => server, acme)).session('jane');
    const headers: HeaderLine[] = [origin, ['Accept', ACCEPT]];
    const authorization = session.headers.authorization!;
    expect((await ask('/layer/conversations', [...headers, ['Authorization', authorization]])).status).toBe(200);
    expectChallenge(await ask('/layer/conversations', [...headers, ...twice(authorization)]));
  });
});

describe('What can not be read', () => {
  it('after a request is answered after its answer', async () => {
    const good = wire('GET', '/api/v1/customers', linesOf(acme));
    const replies = await exchange(server.port, Buffer.concat([good, good, Buffer.from(GARBAGE)]), 4);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 400]);
    expect(replies[2]!.body.code).toBe('malformed');
  });

  it('never gets into a file that is on its way', async () => {
    const content = 'All of it, and nothing else. '.repeat(500_000);
    const file = await uploaded(acme, content);
    const { pathname, search } = new URL(file.download_url!);
    const socket = await open(server.port);
    socket.write(wire('GET', pathname + search, []));
    await new Promise((resolve) => socket.once('readable', resolve));
    socket.write(GARBAGE);
    socket.write(GARBAGE);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) {
      chunks.push(chunk as Buffer);
    }
    const received = Buffer.concat(chunks).toString('latin1');
    const body = received.slice(received.indexOf('\r\n\r\n') + 4);
    expect(body.slice(0, content.length) === content).toBe(true);
    expect(body.slice(content.length)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('lets go of a peer that never closes its side', async () => {
    const before = await connectionsOf(server);
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined);
    socket.write(GARBAGE);
    await new Promise((resolve) => socket.once('data', resolve));
    await until(async () => (await connectionsOf(server)) <= before);
    socket.destroy();
  });

  it('of a body that has its answer already gets none', async () => {
    const headers: HeaderLine[] = [...linesOf(acme), ['Content-Type', 'text/plain'], ['Transfer-Encoding', 'chunked']];
    const socket = await open(server.port);
    const replies = answersOn(socket, 2);
    socket.write(wire('POST', '/api/v1/customers', headers));
    socket.write('5\r\nhello\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write('no chunk\r\n');
    expect((await replies).map(({ status }) => status)).toEqual([415]);
  });
});
