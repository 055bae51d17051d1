import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, given as givenOn, type Customer, type TestClient } from '../../support/given.js';
import {
  connect as connectTo,
  connectPair,
  conversationOf,
  identityOf,
  LayerSocket,
  text,
  type Packet,
} from '../../support/layer-socket.js';
import { asClient, Listener, session } from '../../support/pusher.js';
import { startServer, useServer } from '../../support/server.js';
import { until } from '../../support/until.js';

const server = useServer(startServer);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);
const connect = (customer: Customer, at = server) => connectTo(at, acme, customer);
const pair = () => connectPair(server, acme);

describe('What changes', () => {
  it('is told to all of a conversation, its author too', async () => {
    const { john, jane, johns, janes, conversation } = await pair();
    const stranger = await connect(await given.customer(acme));
    const sent = await johns.request('Message.create', text('Hello'), conversation);
    const [[mine], [hers]] = await Promise.all([johns.next('create', 'Message'), janes.next('create', 'Message')]);
    expect(mine.data).toEqual(sent.data);
    expect(hers.data).toEqual({ ...sent.data, is_unread: true });
    expect(hers.object).toEqual({ type: 'Message', id: sent.data.id, url: sent.data.url });
    const id = sent.data.id as string;
    const last = { operation: 'set', property: 'last_message', id };
    expect((await johns.next('update', 'Conversation'))[0].data).toEqual([last]);
    const unread = { operation: 'set', property: 'unread_message_count', value: 1 };
    expect((await janes.next('update', 'Conversation'))[0].data).toEqual([last, unread]);
    expect(sent.data.recipient_status).toEqual({ [identityOf(john)]: 'read', [identityOf(jane)]: 'sent' });
    await stranger.request('Counter.read');
    const ofOthers = stranger.packets.filter(({ type, body }) => type === 'change' && body.object.type !== 'Identity');
    expect(ofOthers).toEqual([]);
    [johns, janes, stranger].forEach((socket) => socket.end());
  });

  it('of receipts covers what was said before, and what is left unread', async () => {
    const { jane, channel, johns, janes, conversation } = await pair();
    const sent: string[] = [];
    for (const body of ['one', 'two', 'three']) {
      sent.push((await johns.request('Message.create', text(body), conversation)).data.id);
    }
    await janes.next('create', 'Message', 3);
    const path = `/api/v1/channels/${channel.id}`;
    const mark = (kind: string, of: string) =>
      acme.send('POST', `${path}/${kind}`, {
        customer_uuid: jane.id,
        message_uuid: of.replace('layer:///messages/', ''),
      });
    accepted(await mark('delivered', sent[2]!));
    accepted(await mark('read', sent[1]!));
    const property = `recipient_status.${identityOf(jane)}`;
    const statuses = (): unknown[] => {
      const known = new Map<string, unknown>();
      for (const { object, data } of johns.changes('update', 'Message')) {
        expect(data).toEqual([{ operation: 'set', property, value: expect.any(String) }]);
        known.set(object.id, data[0].value);
      }
      return sent.map((id) => known.get(id));
    };
    // Where both marks are told at once, the second hides what the first did.
    await until(() => isDeepStrictEqual(statuses(), ['read', 'read', 'delivered']));
    await until(() => janes.changes('update', 'Conversation').at(-1)?.data.at(-1)?.value === 1);
    [johns, janes].forEach((socket) => socket.end());
  });

  it('by a deletion is gone, and another message is the last', async () => {
    const { johns, janes, conversation } = await pair();
    const first = await johns.request('Message.create', text('one'), conversation);
    const second = await johns.request('Message.create', text('two'), conversation);
    await janes.next('create', 'Message', 2);
    const message = second.data.id.replace('layer:///messages/', '');
    accepted(await acme.send('DELETE', `/api/v1/messages/${message}?mode=all_participants`));
    for (const socket of [johns, janes]) {
      const [gone] = await socket.next('delete', 'Message');
      expect(gone).toEqual({
        ...{ operation: 'delete', object: { type: 'Message', id: second.data.id } },
        data: { mode: 'all_participants' },
      });
      const last = await until(() =>
        socket
          .changes('update', 'Conversation')
          .flatMap(({ data }) => data)
          .find(({ value }) => value?.id === first.data.id),
      );
      expect(last).toMatchObject({ operation: 'set', property: 'last_message', id: first.data.id });
    }
    [johns, janes].forEach((socket) => socket.end());
  });

  it('of who is in it is told to those who are, who come and who go', async () => {
    const { john, jane, channel, johns, janes } = await pair();
    const joe = await given.customer(acme, 'Joe');
    const joes = await connect(joe);
    accepted(await acme.send('POST', `/api/v1/channels/${channel.id}/customers`, { customer_uuids: [joe.id] }));
    const [shown] = await joes.next('create', 'Conversation');
    expect(shown.data.participants.map((one: { id: string }) => one.id).sort()).toEqual(
      [john, jane, joe].map(identityOf).sort(),
    );
    // What is unread comes with the conversation, so that no change of it follows.
    expect(shown.data.unread_message_count).toBe(0);
    expect((await johns.next('update', 'Conversation'))[0].data).toEqual([
      {
        ...{ operation: 'add', property: 'participants', id: identityOf(joe) },
        value: expect.objectContaining({
          id: identityOf(joe),
          display_name: 'Joe',
          url: expect.stringContaining(server.url),
        }),
      },
    ]);
    accepted(await acme.send('DELETE', `/api/v1/channels/${channel.id}/customers/${joe.id}`));
    expect((await joes.next('delete', 'Conversation'))[0]).toMatchObject({ object: { id: conversationOf(channel) } });
    expect((await janes.next('update', 'Conversation', 2))[1].data).toEqual([
      { operation: 'remove', property: 'participants', id: identityOf(joe) },
    ]);
    expect(joes.changes('update', 'Conversation')).toEqual([]);
    [johns, janes, joes].forEach((socket) => socket.end());
  });

  it('of metadata and of a name is told', async () => {
    const { john, channel, johns, janes } = await pair();
    accepted(await acme.send('PATCH', `/api/v1/channels/${channel.id}`, { metadata: { title: 'Lunch' } }));
    expect((await janes.next('update', 'Conversation'))[0].data).toContainEqual({
      ...{ operation: 'set', property: 'metadata', value: { title: 'Lunch' } },
    });
    accepted(await acme.send('PATCH', `/api/v1/customers/${john.id}`, { name: 'Johnny' }));
    const renamed = { operation: 'set', property: 'display_name', value: 'Johnny' };
    const identity = await until(() =>
      janes.changes('update', 'Identity').find(({ data }) => JSON.stringify(data).includes('display_name')),
    );
    expect(identity.object.id).toBe(identityOf(john));
    expect(identity.data).toContainEqual(renamed);
    [johns, janes].forEach((socket) => socket.end());
  });
});

describe('The dialects', () => {
  it('hear each other’s messages', async () => {
    const { john, channel, johns, janes, conversation } = await pair();
    const listener = new Listener(server.url, acme.publicKey, asClient(server.url, acme));
    await listener.subscribe(`private-channel.${channel.id}`);
    await johns.request('Message.create', text('from Layer'), conversation);
    expect((await listener.next('message.sent'))[0]!.data.message.content).toBe('from Layer');
    await given.message(acme, channel, john, 'from the core');
    const [, second] = await janes.next('create', 'Message', 2);
    expect(second.data.parts).toMatchObject([{ mime_type: 'text/plain', body: 'from the core' }]);
    expect(second.data.sender.id).toBe(identityOf(john));
    listener.end();
    [johns, janes].forEach((socket) => socket.end());
  });

  it('hear each other type', async () => {
    const { john, jane, channel, johns, janes, conversation } = await pair();
    const { ask } = await session(server, acme, jane);
    const listener = new Listener(server.url, acme.publicKey, ask);
    const name = `private-channel.${channel.id}`;
    await listener.subscribe(name);
    const type = (action: string): void =>
      johns.send({
        type: 'signal',
        body: { type: 'typing_indicator', object: { id: conversation }, data: { action } },
      });
    const signals = (socket: LayerSocket): Packet['body'][] =>
      socket.packets.filter((packet) => packet.type === 'signal').map(({ body }) => body);
    type('started');
    expect((await listener.next('typing.started'))[0]!.data).toEqual({ channel_id: channel.id, customer_id: john.id });
    const heard = await until(() => signals(janes)[0]);
    expect(heard).toMatchObject({
      type: 'typing_indicator',
      object: { id: conversation },
      data: { action: 'started', sender: { id: identityOf(john), display_name: 'John' } },
    });
    type('paused');
    await listener.next('typing.stopped');
    listener.pusher.channel(name).trigger('client-typing', {});
    const other = await until(() => signals(johns)[0]);
    expect(other).toMatchObject({
      object: { id: conversation },
      data: { action: 'started', sender: { id: identityOf(jane) } },
    });
    listener.end();
    [johns, janes].forEach((socket) => socket.end());
  });
});

describe('What was missed', () => {
  it('is told in order while another writes: nothing lost, nothing twice', async () => {
    const { johns, janes, conversation } = await pair();
    await johns.request('Message.create', text('before'), conversation);
    await janes.next('create', 'Message');
    const from = janes.packets.at(-1)!.timestamp;
    janes.end();
    await janes.closed;
    const say = async (count: number, prefix: string): Promise<void> => {
      for (let at = 0; at < count; at += 1) {
        await johns.request('Message.create', text(`${prefix} ${at}`), conversation);
      }
    };
    await say(30, 'missed');
    const writing = say(100, 'live');
    const again = await LayerSocket.open(server.url, janes.token);
    const replayed = await again.request('Event.replay', { from_timestamp: from });
    expect(replayed).toMatchObject({ success: true });
    await writing;
    await johns.request('Message.create', text('after'), conversation);
    await until(() => again.changes('create', 'Message').some(({ data }) => data.parts[0].body === 'after'));
    const positions = again.changes('create', 'Message').map(({ data }) => data.position);
    expect(positions).toEqual(Array.from({ length: positions.length }, (_, at) => 132 - positions.length + 1 + at));
    expect(positions.length).toBeGreaterThanOrEqual(131);
    expect(again.packets.map(({ counter }) => counter)).toEqual(again.packets.map((_, at) => at));
    [johns, again].forEach((socket) => socket.end());
  });

  it('is what concerns this customer only', async () => {
    const { jane, channel, johns, janes, conversation } = await pair();
    const from = new Date().toISOString();
    janes.end();
    const other = await given.pair(acme);
    await given.message(acme, other.channel, other.john, 'for somebody else');
    await johns.request('Message.create', text('for Jane'), conversation);
    accepted(await acme.send('DELETE', `/api/v1/channels/${channel.id}/customers/${jane.id}`));
    const again = await LayerSocket.open(server.url, janes.token);
    expect(await again.request('Event.replay', { from_timestamp: from })).toMatchObject({ success: true });
    // She is there no more, so what was said meanwhile is none of her business.
    expect(again.changes('create', 'Message')).toEqual([]);
    expect(again.changes('delete', 'Conversation').map(({ object }) => object.id)).toEqual([conversation]);
    [johns, again].forEach((socket) => socket.end());
  });
});
