import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type Channel, type Customer, type TestClient } from '../../support/given.js';
import { asClient, Listener, RawSocket, session, type Asker } from '../../support/pusher.js';
import { useServer } from '../../support/server.js';

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

const room = (): string => `private-channel.${channel.id}`;

describe('A busy page', () => {
  it('that says too much is refused what is too much, one by one, and goes on hearing', async () => {
    const page = new Listener(server.url, acme.publicKey, (await session(server, acme, john)).ask);
    const other = new Listener(server.url, acme.publicKey, (await session(server, acme, jane)).ask);
    await Promise.all([page, other].map((one) => one.subscribe(room())));
    const { socketId } = page;
    for (let at = 0; at < 500; at += 1) {
      page.pusher.channel(room()).trigger('client-moved', { at });
    }
    await page.until(() => page.errors.length >= 450);
    expect(page.errors[0]).toMatchObject({ type: 'PusherError', data: { code: 4301 } });
    const message = await given.message(acme, channel, jane);
    expect((await page.next('message.sent'))[0]!.data).toEqual({ message });
    expect(page.socketId).toBe(socketId);
    expect(other.of('client-moved')).toHaveLength(500 - page.errors.length);
    [page, other].forEach((one) => one.end());
  });

  it('is answered at once while its subscriptions wait for their turn', async () => {
    const page = RawSocket.open(server.url, acme.publicKey);
    await page.subscribe('private-client', client);
    for (let at = 0; at < 450; at += 1) {
      page.send({ event: 'pusher:unsubscribe', data: { channel: room() } });
    }
    page.send({ event: 'pusher:unsubscribe', data: { channel: 'private-client' } });
    page.send({ event: 'client-late', channel: 'private-client', data: {} });
    page.send({ event: 'pusher:ping', data: {} });
    await page.next('pusher:pong');
    expect(page.frames.map(({ event }) => event)).not.toContain('pusher:error');
    page.end();
  });
});

describe('A flood', () => {
  it.each<[string, () => object, string]>([
    ['of pings', () => ({ event: 'pusher:ping', data: {} }), 'Too many frames'],
    ['of client events', () => ({ event: 'client-x', channel: room(), data: {} }), 'Too many frames'],
    [
      'of subscriptions',
      () => ({ event: 'pusher:unsubscribe', data: { channel: room() } }),
      'Too many subscriptions at once',
    ],
  ])('%s ends its socket such that it comes back', async (_, frame, reason) => {
    const socket = RawSocket.open(server.url, acme.publicKey);
    await socket.subscribe(room(), client);
    for (let at = 0; at < 5_000; at += 1) {
      socket.send(frame());
    }
    expect(await socket.closed).toEqual({ code: 4100, reason });
    expect(socket.frames.length).toBeLessThan(2_500);
  });
});
