import { describe, expect, it } from '@jest/globals';
import { EACH, everyPosition, Reader, write, WRITERS } from '../support/busy-channel.js';
import { given as givenOn } from '../support/given.js';
import { asClient, Listener, session } from '../support/pusher.js';
import { useServer } from '../support/server.js';

const server = useServer();
const given = givenOn(() => server);

describe('Twelve writers in one channel', () => {
  it('are heard in the order of the channel, each message once', async () => {
    const acme = await given.client();
    const writers = await Promise.all(Array.from({ length: WRITERS }, () => given.customer(acme)));
    const channel = await given.channel(acme, writers, 'Busy');
    const name = `private-channel.${channel.id}`;
    const own = `private-customer.${writers[0]!.id}`;
    const listeners = [
      new Listener(server.url, acme.publicKey, asClient(server.url, acme)),
      new Listener(server.url, acme.publicKey, (await session(server, acme, writers[0]!)).ask),
    ];
    await listeners[0]!.subscribe(name);
    await listeners[1]!.subscribe(own);
    await write([server.url], acme, channel, writers);
    for (const listener of listeners) {
      await listener.next('message.sent', everyPosition.length);
      expect(listener.of('message.sent').map(({ data }) => data.message.position)).toEqual(everyPosition);
    }
    const [last] = listeners[1]!.of('unread.changed').slice(-1);
    expect(last!.data).toMatchObject({ unread_count: (WRITERS - 1) * EACH, total_unread: (WRITERS - 1) * EACH });
    listeners.forEach((listener) => listener.end());
  });

  it('are heard whole by who loses its connection again and again, and catches up', async () => {
    const acme = await given.client();
    const writers = await Promise.all(Array.from({ length: WRITERS }, () => given.customer(acme)));
    const channel = await given.channel(acme, writers, 'Busy');
    const reader = new Reader(acme, channel, server.url);
    await reader.connect();
    const writing = write([server.url], acme, channel, writers);
    for (let told = 200; told <= 1_400; told += 300) {
      await reader.until(told);
      await reader.reconnect();
    }
    await writing;
    await reader.reconnect();
    expect(reader.ids.length).toBe(everyPosition.length);
    expect(reader.ids).toEqual(await reader.all());
    reader.listener.end();
  });
});
