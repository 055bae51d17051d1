import { describe, expect, it } from '@jest/globals';
import { given as givenOn } from '../support/given.js';
import { startProcess } from '../support/process.js';
import { asClient, Listener, RawSocket } from '../support/pusher.js';
import { useServer } from '../support/server.js';

const server = useServer();
const given = givenOn(() => server);

describe('SIGTERM', () => {
  it('closes every socket with 4200, and pusher-js comes back by itself', async () => {
    const env = { DATABASE_URL: process.env.TEST_DATABASE_URL!, ROLE: 'web' };
    const first = await startProcess(env);
    const acme = await given.client();
    const raw = RawSocket.open(first.url, acme.publicKey);
    const listener = new Listener(first.url, acme.publicKey, asClient(first.url, acme));
    await raw.subscribe('private-client', asClient(first.url, acme));
    await listener.subscribe('private-client');
    // One that never answers a close does not hold the process up for long.
    const deaf = RawSocket.open(first.url, acme.publicKey);
    await deaf.next('pusher:connection_established');
    deaf.wire.pause();
    const before = listener.socketId;
    const start = performance.now();
    const ended = first.end('SIGTERM');
    expect((await raw.closed).code).toBe(4200);
    expect(await ended).toBe(0);
    expect(performance.now() - start).toBeLessThan(60_000);
    const second = await startProcess({ ...env, PORT: new URL(first.url).port });
    await listener.until(() => listener.pusher.connection.state === 'connected' && listener.socketId !== before);
    listener.end();
    deaf.end();
    await second.end('SIGTERM');
  });
});
