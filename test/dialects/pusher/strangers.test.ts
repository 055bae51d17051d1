import { beforeAll, describe, expect, it } from '@jest/globals';
import { ticks } from '../../../src/platform/common/clock.js';
import { given as givenOn, type TestClient } from '../../support/given.js';
import { connect as connectLayer } from '../../support/layer-socket.js';
import { asClient, RawSocket } from '../../support/pusher.js';
import { socketsOf, startServer, useServer, type TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';

const server = useServer(startServer);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);

describe('Who has signed nothing', () => {
  it('within 30 seconds is closed with 4009, and nobody else is', async () => {
    const [silent, wrong, signed] = [1, 2, 3].map(() => RawSocket.open(server.url, acme.publicKey));
    await Promise.all([silent!, wrong!, signed!].map((socket) => socket.next('pusher:connection_established')));
    const layer = await connectLayer(server, acme, await given.customer(acme));
    const auth = `${acme.publicKey}:${'0'.repeat(64)}`;
    wrong!.send({ event: 'pusher:subscribe', data: { channel: 'private-client', auth } });
    await wrong!.next('pusher:subscription_error');
    await signed!.subscribe('private-client', asClient(server.url, acme));
    const connections = socketsOf(server);
    const now = ticks();
    connections.sweep(now + 25_000);
    connections.sweep(now + 31_000);
    expect((await silent!.closed).code).toBe(4009);
    expect((await wrong!.closed).code).toBe(4009);
    expect([signed!, layer].map((socket) => socket.wire.readyState)).toEqual([1, 1]);
    signed!.end();
    layer.end();
  });
});

describe('The places of a process', () => {
  /** Whether a socket opens; told by its first frame or its close. */
  const opens = async (socket: RawSocket): Promise<boolean | number> =>
    Promise.race([
      socket.next('pusher:connection_established').then(() => true),
      socket.closed.then(({ code }) => code),
    ]);
  const from = (at: TestServer, address: string, client = acme): RawSocket =>
    RawSocket.open(at.url, client.publicKey, undefined, { headers: { 'x-forwarded-for': address } });

  it('are not all for one client', async () => {
    const small = await startServer({ MAX_SOCKETS: '6', SOCKETS_PER_CLIENT: '2' });
    const other = await given.client();
    const third = await given.client();
    const open = (client: TestClient) => opens(RawSocket.open(small.url, client.publicKey));
    expect([await open(acme), await open(acme), await open(acme)]).toEqual([true, true, 4100]);
    expect([await open(other), await open(other), await open(other)]).toEqual([true, true, 4100]);
    expect([await open(third), await open(third)]).toEqual([true, true]);
    expect(await open(await given.client())).toBe(4100);
    await small.stop();
  });

  it('are not all for one address, however it is spelled', async () => {
    const small = await startServer({ SOCKETS_PER_ADDRESS: '2', TRUST_PROXY: '1' });
    for (const [first, second, third, elsewhere] of [
      ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1:4711', '192.0.2.2'],
      ['2001:db8::1', '2001:db8::ffff:2', '[2001:db8:0:0:3::]:80', '2001:db8:0:1::1'],
    ] as const) {
      const one = from(small, first);
      expect([await opens(one), await opens(from(small, second))]).toEqual([true, true]);
      expect([await opens(from(small, third)), await opens(from(small, elsewhere))]).toEqual([4100, true]);
      one.end();
      // The place is free once the server has noticed.
      await until(async () => (await opens(from(small, third))) === true);
    }
    await small.stop();
  });
});
