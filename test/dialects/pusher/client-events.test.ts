import { beforeEach, describe, expect, it } from '@jest/globals';
import Echo from 'laravel-echo';
import { given as givenOn, type Channel, type Customer, type TestClient } from '../../support/given.js';
import { asClient, Listener, RawSocket, session, type Asker } from '../../support/pusher.js';
import { useServer } from '../../support/server.js';

const server = useServer();
let acme: TestClient;
let john: Customer;
let jane: Customer;
let channel: Channel;
beforeEach(async () => {
  acme = await given.client();
  ({ john, jane, channel } = await given.pair(acme));
});
const given = givenOn(() => server);

const listen = (ask: Asker): Listener => new Listener(server.url, acme.publicKey, ask);
const as = async (customer: Customer): Promise<Listener> => listen((await session(server, acme, customer)).ask);
const name = (): string => `private-channel.${channel.id}`;

describe('A client event', () => {
  it('reaches the other subscribers of the channel, and only them', async () => {
    const [asJohn, asJane, second] = [await as(john), await as(jane), await as(john)];
    const elsewhere = listen(asClient(server.url, acme));
    await Promise.all([asJohn, asJane, second].map((one) => one.subscribe(name())));
    await elsewhere.subscribe('private-client');
    asJohn.pusher.channel(name()).trigger('client-wave', { hands: 2, deep: ['a', null] });
    for (const one of [asJane, second]) {
      expect(await one.next('client-wave')).toEqual([
        { channel: name(), event: 'client-wave', data: { hands: 2, deep: ['a', null] } },
      ]);
    }
    asJane.pusher.channel(name()).trigger('client-wave', 'text');
    expect((await asJohn.next('client-wave')).map(({ data }) => data)).toEqual(['text']);
    expect(elsewhere.heard).toEqual([]);
    [asJohn, asJane, second, elsewhere].forEach((one) => one.end());
  });

  it('whose data is a string that is JSON, as from Java, Kotlin and Flutter, arrives as it was said', async () => {
    const asJane = await as(jane);
    await asJane.subscribe(name());
    const [socket, other] = [0, 1].map(() => RawSocket.open(server.url, acme.publicKey));
    await Promise.all([socket!, other!].map((one) => one.next('pusher:connection_established')));
    for (const [one, customer] of [[socket!, john] as const, [other!, jane] as const]) {
      const { ask } = await session(server, acme, customer);
      const data = JSON.stringify({ channel: name(), ...(await ask(one.id, name())) });
      one.send({ event: 'pusher:subscribe', data });
      await one.next('pusher_internal:subscription_succeeded');
    }
    const data = '{"hands": 2}';
    socket!.send({ event: 'client-wave', channel: name(), data });
    expect((await asJane.next('client-wave'))[0]!.data).toEqual({ hands: 2 });
    expect((await other!.next('client-wave'))[0]!.data).toBe(data);
    socket!.send({ event: 'pusher:unsubscribe', data: JSON.stringify({ channel: name() }) });
    socket!.send({ event: 'pusher:subscribe', data: '{"channel":' });
    await socket!.next('pusher:error');
    socket!.send({ event: 'client-wave', channel: name(), data });
    expect((await socket!.next('pusher:error', 2))[1]!.data).toMatchObject({ code: 4009 });
    [asJane, socket!, other!].forEach((one) => one.end());
  });

  it('on a presence channel says who sent it, whatever it says itself', async () => {
    const presence = `presence-channel.${channel.id}`;
    const { ask } = await session(server, acme, john);
    const [socket, other] = [0, 1].map(() => RawSocket.open(server.url, acme.publicKey));
    await socket!.subscribe(presence, ask);
    await other!.subscribe(presence, (await session(server, acme, jane)).ask);
    socket!.send({ event: 'client-wave', channel: presence, data: {}, user_id: jane.id });
    const [frame] = await other!.next('client-wave');
    expect(frame).toEqual({ event: 'client-wave', channel: presence, data: '{}', user_id: john.id });
    [socket!, other!].forEach((one) => one.end());
  });

  it('needs a subscription to its channel', async () => {
    const asJane = await as(jane);
    await asJane.subscribe(name());
    const socket = RawSocket.open(server.url, acme.publicKey);
    await socket.subscribe(`private-customer.${john.id}`, (await session(server, acme, john)).ask);
    for (const on of [name(), undefined, 7, 'private-client', '__proto__']) {
      socket.send({ event: 'client-wave', channel: on, data: {} });
    }
    expect((await socket.next('pusher:error', 5)).map(({ data }) => (data as { code: number }).code)).toEqual(
      Array(5).fill(4009),
    );
    expect(asJane.heard).toEqual([]);
    socket.end();
    asJane.end();
  });

  it('has at most 10 KB, and comes ten times a second at most', async () => {
    const asJane = await as(jane);
    await asJane.subscribe(name());
    const socket = RawSocket.open(server.url, acme.publicKey);
    await socket.subscribe(name(), (await session(server, acme, john)).ask);
    const wave = (data: unknown): void => socket.send({ event: 'client-wave', channel: name(), data });
    wave('x'.repeat(10 * 1024 + 1));
    wave({ ä: 'ä'.repeat(5 * 1024) });
    expect(await socket.next('pusher:error', 2)).toHaveLength(2);
    wave('x'.repeat(10 * 1024));
    await asJane.next('client-wave');
    for (let at = 0; at < 30; at += 1) {
      wave(at);
    }
    const refused = await socket.next('pusher:error', 20);
    expect(refused.map(({ data }) => (data as { code: number }).code)).toEqual(refused.map(() => 4301));
    socket.send({ event: 'pusher:ping', data: {} });
    await socket.next('pusher:pong');
    expect(asJane.of('client-wave').length).toBeGreaterThanOrEqual(7);
    expect(asJane.of('client-wave').length).toBeLessThanOrEqual(12);
    expect(socket.wire.readyState).toBe(1);
    [asJane, socket].forEach((one) => one.end());
  });
});

describe('Typing', () => {
  it('is told with the customer that the server knows, on the channel, to the other members and to the client', async () => {
    const [asJohn, asJane, client] = [await as(john), await as(jane), listen(asClient(server.url, acme))];
    await asJohn.subscribe(name());
    await asJohn.subscribe(`private-customer.${john.id}`);
    await asJane.subscribe(`private-customer.${jane.id}`);
    await client.subscribe(name());
    await client.subscribe('private-client');
    asJohn.pusher.channel(name()).trigger('client-typing', { customer_id: jane.id });
    asJohn.pusher.channel(name()).trigger('client-typing-stopped', {});
    const data = { channel_id: channel.id, customer_id: john.id };
    expect((await asJane.next('typing.started'))[0]).toEqual({
      ...{ channel: `private-customer.${jane.id}`, event: 'typing.started', data },
    });
    await asJane.next('typing.stopped');
    await client.next('typing.stopped', 2);
    expect(client.heard.map((one) => [one.channel, one.event])).toEqual([
      [name(), 'client-typing'],
      [name(), 'typing.started'],
      ['private-client', 'typing.started'],
      [name(), 'client-typing-stopped'],
      [name(), 'typing.stopped'],
      ['private-client', 'typing.stopped'],
    ]);
    expect(asJohn.heard).toEqual([]);
    [asJohn, asJane, client].forEach((one) => one.end());
  });

  it('can’t be forged: not by a key, which is no customer, nor by the event’s own name', async () => {
    const asJane = await as(jane);
    await asJane.subscribe(name());
    const socket = RawSocket.open(server.url, acme.publicKey);
    await socket.subscribe(name(), asClient(server.url, acme));
    socket.send({ event: 'client-typing', channel: name(), data: { customer_id: john.id } });
    socket.send({ event: 'typing.started', channel: name(), data: { customer_id: john.id } });
    socket.send({ event: 'pusher_internal:member_added', channel: name(), data: '{"user_id":"x"}' });
    await socket.next('pusher:error', 2);
    socket.send({ event: 'client-end', channel: name(), data: {} });
    await asJane.next('client-end');
    expect(asJane.heard.map(({ event }) => event)).toEqual(['client-typing', 'client-end']);
    socket.end();
    asJane.end();
  });
});

describe('Laravel Echo', () => {
  it('listens, whispers and joins', async () => {
    const [asJohn, asJane] = [await as(john), await as(jane)];
    const echoOf = ({ pusher }: Listener): Echo<'pusher'> =>
      new Echo({ broadcaster: 'pusher', client: pusher, key: acme.publicKey, cluster: '' });
    const [ofJohn, ofJane] = [echoOf(asJohn), echoOf(asJane)];
    const heard: unknown[] = [];
    let wake: () => void = () => undefined;
    const write = (what: string) => (data: unknown) => {
      heard.push([what, data]);
      wake();
    };
    const until = async (count: number): Promise<void> => {
      while (heard.length < count) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    const subscribed = (channels: { subscribed(callback: () => void): unknown }) =>
      new Promise<void>((resolve) => channels.subscribed(resolve));
    const mine = ofJohn.private(`channel.${channel.id}`);
    mine.listen('.message.sent', write('sent')).listenForWhisper('typing', write('whisper'));
    const hers = ofJane.private(`channel.${channel.id}`);
    await Promise.all([subscribed(mine), subscribed(hers)]);
    const room = ofJohn.join(`presence.channel.${channel.id}`).here(write('here')).joining(write('joining'));
    await until(1);
    ofJane.join(`presence.channel.${channel.id}`);
    await until(2);
    hers.whisper('typing', { fast: true });
    await until(3);
    const message = await given.message(acme, channel, jane, 'Hi');
    await until(4);
    expect(heard).toEqual([
      ['here', [{ name: 'John' }]],
      ['joining', { name: 'Jane' }],
      ['whisper', { fast: true }],
      ['sent', { message }],
    ]);
    room.leaving(write('leaving'));
    ofJane.leaveAllChannels();
    asJane.end();
    await until(5);
    expect(heard[4]).toEqual(['leaving', { name: 'Jane' }]);
    asJohn.end();
  });
});
