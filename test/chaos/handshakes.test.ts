import { describe, expect, it } from '@jest/globals';
import { makeKey } from '../../src/clients/key-format.js';
import { given as givenOn, type Reply } from '../support/given.js';
import { RawSocket } from '../support/pusher.js';
import { answersOn, open as connect, wire, type HeaderLine } from '../support/raw-http.js';
import { startServer, useServer } from '../support/server.js';

const strict = useServer(() => startServer({ RATE_LIMIT: '100', TRUST_PROXY: '1' }));

describe('Handshakes', () => {
  const upgrade: readonly HeaderLine[] = [
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ];
  const ask = async (path: string, address: string) => {
    const socket = await connect(strict.port);
    socket.write(wire('GET', path, [...upgrade, ['X-Forwarded-For', address]]));
    return (await answersOn(socket, 1))[0]!;
  };
  /** Until enough were refused, for some more are let in meanwhile: the slower the machine, the more. */
  const untilRefused = async (path: () => string, address: string): Promise<Reply[]> => {
    const replies: Reply[] = [];
    while (withStatus(replies, 429).length < 100) {
      replies.push(...(await Promise.all(Array.from({ length: 50 }, () => ask(path(), address)))));
    }
    return replies;
  };
  const withStatus = (replies: readonly Reply[], wanted: number): Reply[] =>
    replies.filter(({ status }) => status === wanted);

  it('of one address pass the limiter', async () => {
    const start = performance.now();
    const replies = await untilRefused(() => '/layer/', '192.0.2.1');
    const [passed, refused] = [withStatus(replies, 400), withStatus(replies, 429)];
    expect(passed.length + refused.length).toBe(replies.length);
    expect(passed.length).toBeGreaterThanOrEqual(1_200);
    expect(passed.length).toBeLessThanOrEqual(1_201 + ((performance.now() - start) / 1_000) * 20);
    expect(refused.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true);
    expect((await ask('/layer/', '192.0.2.2')).status).toBe(400);
  });

  it('with keys of nobody are refused after three hundred, and a right key is let in', async () => {
    const acme = await givenOn(() => strict).client();
    const right = RawSocket.open(strict.url, acme.publicKey, undefined, {
      headers: { 'x-forwarded-for': '192.0.2.9' },
    });
    await right.next('pusher:connection_established');
    const start = performance.now();
    const replies = await untilRefused(() => `/app/${makeKey('pk', false)}?protocol=7`, '192.0.2.9');
    const [lookedUp, refused] = [withStatus(replies, 101), withStatus(replies, 429)];
    expect(lookedUp.length + refused.length).toBe(replies.length);
    expect(lookedUp.length).toBeLessThanOrEqual(301 + ((performance.now() - start) / 1_000) * 5);
    const again = RawSocket.open(strict.url, acme.publicKey, undefined, {
      headers: { 'x-forwarded-for': '192.0.2.9' },
    });
    await again.next('pusher:connection_established');
    [right, again].forEach((socket) => socket.end());
  });
});
