import { beforeEach, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { given as givenOn, type Customer, type TestClient } from '../../support/given.js';
import { ACCEPT } from '../../support/layer.js';
import {
  connect as connectTo,
  connectPair,
  identityOf,
  layerToken,
  LayerSocket,
  text,
} from '../../support/layer-socket.js';
import { startServer, useServer } from '../../support/server.js';
import { beside } from '../../support/sql.js';

const server = useServer(() => startServer({ TRUST_PROXY: '127.0.0.1' }));
let acme: TestClient;
beforeEach(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);
const connect = (customer: Customer) => connectTo(server, acme, customer);

describe('A message with a notification', () => {
  const notification = { title: 'John', text: 'Hello!', sound: 'ping', data: { a: 1 } };

  it('tells its recipients of it, for the SDKs notify of nothing else', async () => {
    const { johns, janes, conversation } = await connectPair(server, acme);
    const sent = await johns.request('Message.create', { ...text('Hello'), notification }, conversation);
    expect(sent).toMatchObject({ success: true });
    const [[mine], [hers]] = await Promise.all([johns.next('create', 'Message'), janes.next('create', 'Message')]);
    expect(hers.data).toEqual({ ...sent.data, is_unread: true, notification });
    expect(mine.data).toEqual(sent.data);
    const replayed = await LayerSocket.open(server.url, janes.token);
    await replayed.request('Event.replay', { from_timestamp: new Date().toISOString() });
    expect(replayed.changes('create', 'Message')[0].data.notification).toEqual(notification);
    [johns, janes, replayed].forEach((socket) => socket.end());
  });

  it('has the words for each that are for it alone', async () => {
    const [john, jane, jim] = [await given.customer(acme), await given.customer(acme), await given.customer(acme)];
    const channel = await given.channel(acme, [john, jane, jim]);
    const [johns, janes, jims] = [await connect(john), await connect(jane), await connect(jim)];
    const own = { ...notification, recipients: { [identityOf(jane)]: { text: 'Hello, Jane!' } } };
    const conversation = `layer:///conversations/${parseId('channel', channel.id)!}`;
    await johns.request('Message.create', { ...text('Hello'), notification: own }, conversation);
    const [[hers], [his]] = await Promise.all([janes.next('create', 'Message'), jims.next('create', 'Message')]);
    expect(hers.data.notification).toEqual({ ...notification, text: 'Hello, Jane!' });
    expect(his.data.notification).toEqual(notification);
    [johns, janes, jims].forEach((socket) => socket.end());
  });
});

describe('Following', () => {
  it('is told to whoever follows: whole what it may see now, and basic again afterwards', async () => {
    const [john, jane, friend] = [await given.customer(acme), await given.customer(acme), await given.customer(acme)];
    await given.channel(acme, [john, friend]);
    const socket = await connect(john);
    const headers = { accept: ACCEPT, authorization: `Layer session-token="${socket.token}"` };
    const follow = async (method: string, { id }: Customer): Promise<void> => {
      const answer = await fetch(`${server.url}/layer/following/users/${id}`, { method, headers });
      expect(answer.status).toBe(204);
    };
    await follow('PUT', jane);
    const [made] = await socket.next('create', 'Identity');
    expect(made.data).toMatchObject({ id: identityOf(jane), email_address: jane.email, metadata: {} });
    await follow('PUT', friend);
    // Still a friend without being followed.
    await follow('DELETE', friend);
    await follow('DELETE', jane);
    const [gone] = await socket.next('delete', 'Identity');
    expect(gone.object.id).toBe(identityOf(jane));
    expect(
      socket
        .changes('create', 'Identity')
        .every(({ object }) => [jane, friend].some((one) => identityOf(one) === object.id)),
    ).toBe(true);
    socket.end();
  });
});

describe('Who is called otherwise', () => {
  it('is another participant, to itself and to the others', async () => {
    const { john, jane, johns, janes, conversation } = await connectPair(server, acme);
    const rename = (external_id: string) => acme.send('PATCH', `/api/v1/customers/${john.id}`, { external_id });
    expect((await rename('johnny')).status).toBe(200);
    const now = 'layer:///identities/johnny';
    const swapped = (from: string, to: string) => ({
      operation: 'update',
      object: { type: 'Conversation', id: conversation },
      data: [
        { operation: 'remove', property: 'participants', id: from },
        { operation: 'add', property: 'participants', id: to, value: expect.objectContaining({ id: to }) },
      ],
    });
    for (const socket of [johns, janes]) {
      expect(await socket.next('update', 'Conversation')).toEqual([swapped(identityOf(john), now)]);
      expect((await socket.next('create', 'Identity'))[0].data).toMatchObject({ id: now, email_address: john.email });
    }
    expect((await rename('jack')).status).toBe(200);
    const later = 'layer:///identities/jack';
    expect((await janes.next('update', 'Conversation', 2))[1]).toEqual(swapped(now, later));
    expect((await acme.send('PATCH', `/api/v1/customers/${jane.id}`, { name: 'Jane' })).status).toBe(200);
    [johns, janes].forEach((socket) => socket.end());
  });
});

describe('A socket', () => {
  it('behind a proxy that says wss shows addresses of https', async () => {
    const john = await given.customer(acme);
    const headers = { 'x-forwarded-proto': 'wss', 'x-forwarded-host': 'chat.example.com' };
    const token = await layerToken(server, acme, john);
    const socket = await LayerSocket.open(server.url, token, 'layer-3.0', { headers });
    const participants = [(await given.customer(acme)).id];
    const made = await socket.request('Conversation.create', { participants });
    expect(made.data.url).toMatch(/^https:\/\/chat\.example\.com\/layer\/conversations\//);
    socket.end();
  });

  it('that the database has no time for is told to ask again', async () => {
    const { channel, johns, conversation } = await connectPair(server, acme);
    const id = `layer:///messages/${crypto.randomUUID()}`;
    const send = () => johns.request('Message.create', { ...text('Hello'), id }, conversation);
    await beside(async (connection) => {
      await connection.query('BEGIN');
      const hold = 'SELECT FROM channels WHERE client_id = $1 AND id = $2 FOR UPDATE';
      await connection.query(hold, [acme.uuid, parseId('channel', channel.id)]);
      expect(await send()).toMatchObject({ success: false, data: { id: 'request_timeout', code: 8 } });
    });
    expect(await send()).toMatchObject({ success: true, data: { id } });
    johns.end();
  });
});
