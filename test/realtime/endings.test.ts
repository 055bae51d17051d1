import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeysService } from '../../src/clients/api-keys.service.js';
import { ClientsService } from '../../src/clients/clients.service.js';
import { given as givenOn, testClient, type TestClient } from '../support/given.js';
import { startProcess } from '../support/process.js';
import { asClient, Listener, RawSocket, session } from '../support/pusher.js';
import { startServer, type TestServer } from '../support/server.js';
import { sql } from '../support/sql.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
const given = givenOn(() => server);

/** Milliseconds in which what was revoked has ended. */
const SOON = 5_000;

/** Two sockets of one client, of which the first is about to lose its leave. */
async function sockets(acme: TestClient) {
  const { john, jane, channel } = await given.pair(acme);
  const [asJohn, asJane] = [await session(server, acme, john), await session(server, acme, jane)];
  const [socket, bystander] = [0, 1].map(() => RawSocket.open(server.url, acme.publicKey));
  await socket!.subscribe(`private-channel.${channel.id}`, asJohn.ask);
  await bystander!.subscribe(`private-channel.${channel.id}`, asJane.ask);
  return { socket: socket!, bystander: bystander!, john: asJohn };
}

async function expectRevoked(socket: RawSocket): Promise<void> {
  const start = performance.now();
  expect((await socket.closed).code).toBe(4009);
  expect(performance.now() - start).toBeLessThan(SOON);
}

describe('A socket whose leave is revoked is closed within five seconds', () => {
  it.each([
    ['by its session', 'UPDATE customer_sessions SET revoked_at = now() WHERE client_id = $1 AND id = $2'],
    ['by its time', `UPDATE customer_sessions SET expires_at = now() WHERE client_id = $1 AND id = $2`],
    ['with its session', 'DELETE FROM customer_sessions WHERE client_id = $1 AND id = $2'],
  ])('%s', async (_, statement) => {
    const acme = await given.client();
    const { socket, bystander, john } = await sockets(acme);
    await sql(statement, acme.uuid, john.id);
    await expectRevoked(socket);
    expect(bystander.wire.readyState).toBe(1);
    bystander.end();
  });

  it('by its key', async () => {
    const acme = await given.client();
    const keys = server.app.get(ApiKeysService);
    const { key, secretKey } = await keys.create(acme.uuid, { name: 'second', scopes: ['*'] });
    const second = testClient(server.url, acme.uuid, acme.publicKey, secretKey);
    const [socket, bystander] = [0, 1].map(() => RawSocket.open(server.url, acme.publicKey));
    await socket!.subscribe('private-client', asClient(server.url, second));
    await bystander!.subscribe('private-client', asClient(server.url, acme));
    await keys.revoke(acme.uuid, key.id);
    await expectRevoked(socket!);
    expect(bystander!.wire.readyState).toBe(1);
    bystander!.end();
  });

  it('with its client', async () => {
    const acme = await given.client();
    const { socket, bystander } = await sockets(acme);
    await server.app.get(ClientsService).disable(acme.uuid);
    await Promise.all([expectRevoked(socket), expectRevoked(bystander)]);
  });
});

describe('A subscription that was signed', () => {
  it('is not made once its session is revoked', async () => {
    const acme = await given.client();
    const { john } = await given.pair(acme);
    const { id, ask } = await session(server, acme, john);
    const socket = RawSocket.open(server.url, acme.publicKey);
    await socket.next('pusher:connection_established');
    const channel = `private-customer.${john.id}`;
    const answer = await ask(socket.id, channel);
    await sql('UPDATE customer_sessions SET revoked_at = now() WHERE client_id = $1 AND id = $2', acme.uuid, id);
    socket.send({ event: 'pusher:subscribe', data: { channel, ...answer } });
    expect((await socket.next('pusher:subscription_error'))[0]!.data).toMatchObject({ status: 403 });
    socket.end();
  });
});

describe('SIGTERM', () => {
  it('closes every socket with 4200, and pusher-js comes back by itself', async () => {
    const env = { DATABASE_URL: process.env.TEST_DATABASE_URL! };
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
    expect(performance.now() - start).toBeLessThan(10_000);
    const second = await startProcess({ ...env, PORT: new URL(first.url).port });
    await listener.until(
      () => listener.pusher.connection.state === 'connected' && listener.socketId !== before,
      30_000,
    );
    listener.end();
    deaf.end();
    await second.end('SIGTERM');
  }, 60_000);
});
