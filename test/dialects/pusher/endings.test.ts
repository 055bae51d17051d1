import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import WebSocket from 'ws';
import type { ApiKeysService } from '../../../src/clients/api-keys.service.js';
import type { ClientsService } from '../../../src/clients/clients.service.js';
import type { Revocations } from '../../../src/notify/realtime/revocations.js';
import { given as givenOn, testClient, type Customer, type TestClient } from '../../support/given.js';
import { LayerSocket, layerToken } from '../../support/layer-socket.js';
import { asClient, RawSocket, session } from '../../support/pusher.js';
import { startServer, useServer, type TestServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer(startServer);
const given = givenOn(() => server);

/** Milliseconds in which what was revoked has ended: five seconds, and some more on a busy machine. */
const SOON = 30_000;

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
  it('by its session, by its time, or with its session', async () => {
    const ways = [
      'UPDATE customer_sessions SET revoked_at = now() WHERE client_id = $1 AND id = $2',
      'UPDATE customer_sessions SET expires_at = now() WHERE client_id = $1 AND id = $2',
      'DELETE FROM customer_sessions WHERE client_id = $1 AND id = $2',
    ];
    // Together, for each waits for the next look.
    await Promise.all(
      ways.map(async (statement) => {
        const acme = await given.client();
        const { socket, bystander, john } = await sockets(acme);
        await sql(statement, acme.uuid, john.id);
        await expectRevoked(socket);
        expect(bystander.wire.readyState).toBe(1);
        bystander.end();
      }),
    );
  });

  it('by its key', async () => {
    const acme = await given.client();
    const keys = server.get<ApiKeysService>('ApiKeysService');
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
    await server.get<ClientsService>('ClientsService').disable(acme.uuid);
    await Promise.all([expectRevoked(socket), expectRevoked(bystander)]);
  });
});

describe('The sockets of a client that is disabled', () => {
  const other = useServer(startServer);

  it('are closed at every process, though they signed nothing, and new ones are refused', async () => {
    const acme = await given.client();
    const john = await given.customer(acme);
    const token = await layerToken(server, acme, john);
    const sockets = [server, other].map(({ url }) => RawSocket.open(url, acme.publicKey));
    const bystander = RawSocket.open(server.url, (await given.client()).publicKey);
    await Promise.all([...sockets, bystander].map((one) => one.next('pusher:connection_established')));
    const ofLayer = await Promise.all([server, other].map(({ url }) => LayerSocket.open(url, token)));
    await server.get<ClientsService>('ClientsService').disable(acme.uuid);
    await Promise.all(sockets.map(expectRevoked));
    expect((await Promise.all(ofLayer.map(({ closed }) => closed))).map(({ code }) => code)).toEqual([1008, 1008]);
    expect((await RawSocket.open(server.url, acme.publicKey).closed).code).toBe(4001);
    const refused = new WebSocket(`${server.url.replace('http', 'ws')}/layer/?session_token=${token}`, 'layer-3.0');
    expect((await once(refused, 'error')).map(String)).toEqual(['Error: Unexpected server response: 401']);
    expect(bystander.wire.readyState).toBe(1);
    bystander.end();
  });
});

describe('A revocation is told', () => {
  let here: TestServer;
  let there: TestServer;
  beforeAll(async () => {
    const env = { DATABASE_URL: process.env.TEST_DATABASE_URL! };
    [here, there] = await Promise.all([startServer(env), startServer(env)]);
    // From now on neither looks by itself.
    [here, there].forEach((each) => each.get<Revocations>('Revocations').onApplicationShutdown());
  });
  afterAll(() => Promise.all([here.stop(), there.stop()]));
  const givenHere = givenOn(() => here);

  it.each<[string, (acme: TestClient, john: Customer, session: string) => Promise<unknown>]>([
    ['one session', (acme, john, id) => acme.send('DELETE', `/api/v1/customers/${john.id}/sessions/${id}`)],
    ['all of a customer', (acme, john) => acme.send('DELETE', `/api/v1/customers/${john.id}/sessions`)],
    ['the customer', (acme, john) => acme.send('DELETE', `/api/v1/customers/${john.id}`)],
    ['the client', ({ uuid }) => here.get<ClientsService>('ClientsService').disable(uuid)],
  ])('in this process and the others: %s', async (_, revoke) => {
    const acme = await givenHere.client();
    const john = await givenHere.customer(acme);
    const { id, ask } = await session(here, acme, john);
    const sockets = [here, there].map(({ url }) => RawSocket.open(url, acme.publicKey));
    await Promise.all(sockets.map((socket) => socket.subscribe(`private-customer.${john.id}`, ask)));
    await revoke(acme, john, id);
    await Promise.all(sockets.map(expectRevoked));
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

describe('A server that stops', () => {
  it('closes its sockets with 4200', async () => {
    const stopping = await startServer();
    const acme = await given.client();
    const socket = RawSocket.open(stopping.url, acme.publicKey);
    await socket.subscribe('private-client', asClient(stopping.url, acme));
    await stopping.stop();
    expect((await socket.closed).code).toBe(4200);
  });
});
