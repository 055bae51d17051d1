import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import type { LayerSocket } from '../../../src/dialects/layer/socket/layer-socket.js';
import { accepted, given as givenOn, type TestClient } from '../../support/given.js';
import { layerApp, type LayerApp } from '../../support/layer.js';
import { messagesOf, openSdk, say, sent, type Sdk } from '../../support/layer-sdk.js';
import { isA, socketsOf, startServer, useServer } from '../../support/server.js';
import { until } from '../../support/until.js';

const server = useServer(startServer);
let acme: TestClient;
let app: LayerApp;
beforeAll(async () => {
  acme = await given.client({ domain: 'localhost' });
  app = await layerApp(() => server, acme);
});
const given = givenOn(() => server);

/** A user's page: logged in, and its socket open. */
async function logIn(userId: string): Promise<Sdk> {
  const layer = openSdk('http://localhost/');
  const client = new layer.Client({
    ...{ appId: app.appId, url: `${server.url}/layer`, websocketUrl: `${server.url.replace('http', 'ws')}/layer` },
    ...{ telemetryEnabled: false, isTrustedDevice: false, logLevel: 0 },
  });
  client.on('challenge', ({ nonce, callback }: { nonce: string; callback: (token: string) => void }) => {
    challenges.push(userId);
    void app.identityToken(userId, { nce: nonce }).then(callback);
  });
  client.connect(userId);
  await until(() => client.isReady && client.socketManager.isOpen);
  return client;
}

/** Where the client's own pages are. */
const FROM = { origin: 'http://localhost' };

/** The id of a user's customer. */
async function customerOf(userId: string): Promise<string> {
  const path = `/api/v1/customers?external_id=${encodeURIComponent(userId)}`;
  const found = await acme.send('GET', path, undefined, FROM);
  return found.body.data[0].id;
}

/** Whom the app was asked about. */
const challenges: string[] = [];
const identity = (userId: string): string => `layer:///identities/${userId}`;
const bodiesOf = (message: Sdk): string[] => message.parts.map(({ body }: { body: string }) => body);

describe('layer-websdk, as it is published,', () => {
  let john: Sdk;
  let jane: Sdk;
  beforeAll(async () => {
    [john, jane] = await Promise.all([logIn('john'), logIn('jane.doe@example.com')]);
  });
  const janes = identity(encodeURIComponent('jane.doe@example.com'));

  /** A conversation of the two, and how Jane has it. */
  async function together(metadata: object = {}): Promise<{ readonly mine: Sdk; readonly hers: Sdk }> {
    const mine = john.createConversation({ participants: [jane.user.userId], distinct: false, metadata });
    mine.send();
    await sent(mine, 'conversations:sent');
    return { mine, hers: await until(() => jane.getConversation(mine.id)) };
  }

  it('logs in', () => {
    expect([john.user.id, jane.user.id]).toEqual([identity('john'), janes]);
    expect(challenges.sort()).toEqual(['jane.doe@example.com', 'john']);
  });

  it('makes conversations, finds the distinct one again, and lists them', async () => {
    const create = async (client: Sdk, other: Sdk, metadata: object): Promise<[Sdk, string]> => {
      const conversation = client.createConversation({ participants: [other.user.userId], distinct: true, metadata });
      conversation.send();
      const { result } = await sent(conversation, 'conversations:sent');
      return [conversation, result];
    };
    const [first, made] = await create(john, jane, { title: 'Lunch' });
    expect([made, first.metadata]).toEqual(['Created', { title: 'Lunch' }]);
    const third = await logIn('john');
    const [again, found] = await create(third, jane, { title: 'Lunch' });
    expect([found, again.id]).toEqual(['Found', first.id]);
    const fourth = await logIn('john');
    const [other, differs] = await create(fourth, jane, { title: 'Dinner' });
    expect([differs, other.id, other.metadata]).toEqual(['FoundMismatch', first.id, { title: 'Lunch' }]);
    const { mine } = await together();
    const query = fourth.createQuery({ model: 'Conversation', sortBy: [{ createdAt: 'desc' }] });
    await until(() => query.data.length === 2);
    expect(query.data.map(({ id }: Sdk) => id)).toEqual([mine.id, first.id]);
    expect(query.totalSize).toBe(2);
    [third, fourth].forEach((client) => client.destroy());
  });

  it('sends messages of one part and of two, which arrive and are read', async () => {
    const { mine, hers } = await together();
    const query = messagesOf(jane, hers);
    const hello = await say(mine, 'Hello');
    const parts = [
      { mimeType: 'text/plain', body: 'See' },
      { mimeType: 'application/json', body: '{"a":"ü"}' },
    ];
    const second = await say(mine, { parts });
    await until(() => query.data.length === 2);
    expect(query.data.map(bodiesOf)).toEqual([['See', '{"a":"ü"}'], ['Hello']]);
    expect(query.data.map(({ position }: Sdk) => position)).toEqual([2, 1]);
    expect(query.data[0].sender.id).toBe(john.user.id);
    await until(() => hers.unreadCount === 2);
    await until(() => hello.recipientStatus[janes] === 'delivered');
    query.data[0].isRead = true;
    await until(() => [hello, second].every((message) => message.recipientStatus[janes] === 'read'));
    expect([hello.readStatus, second.readStatus]).toEqual(['ALL', 'ALL']);
    await until(() => hers.unreadCount === 0);
    expect(hers.lastMessage.id).toBe(second.id);
    expect(mine.lastMessage.id).toBe(second.id);
  });

  it('tells who is typing', async () => {
    const { mine } = await together();
    const heard: Sdk[] = [];
    jane.on('typing-indicator-change', (event: Sdk) => heard.push(event));
    const publisher = john.createTypingPublisher();
    publisher.setConversation(mine);
    publisher.setState('started');
    await until(() => heard.find(({ typing }) => typing.length === 1 && typing[0].id === john.user.id));
    publisher.setState('finished');
    await until(() => heard.at(-1).typing.length === 0);
    expect(heard.every(({ conversationId }) => conversationId === mine.id)).toBe(true);
  });

  it('tells of metadata, of participants, and of what is deleted', async () => {
    const { mine, hers } = await together({ title: 'Lunch' });
    mine.setMetadataProperties({ a: { b: 'c' }, title: 'Dinner' });
    await until(() => hers.metadata.title === 'Dinner');
    expect(hers.metadata).toEqual({ title: 'Dinner', a: { b: 'c' } });
    mine.deleteMetadataProperties(['title']);
    await until(() => hers.metadata.title === undefined);
    mine.addParticipants(['joe']);
    await until(() => hers.participants.length === 3);
    expect(hers.participants.map(({ id }: Sdk) => id)).toContain(identity('joe'));
    mine.removeParticipants(['joe']);
    await until(() => hers.participants.length === 2);
    const query = messagesOf(jane, hers);
    const [first, second] = [await say(mine, 'one'), await say(mine, 'two')];
    await until(() => query.data.length === 2);
    second.delete('all_participants');
    await until(() => query.data.length === 1);
    expect(query.data[0].id).toBe(first.id);
    await until(() => hers.lastMessage.id === first.id);
    mine.delete('all_participants');
    await until(() => hers.isDestroyed);
  });

  it('comes back after its socket broke, and has missed nothing while another wrote', async () => {
    const { mine, hers } = await together();
    const query = messagesOf(jane, hers);
    await say(mine, 'before');
    await until(() => query.data.length === 1);
    const old = jane.socketManager._socket;
    const id = await customerOf('jane.doe@example.com');
    for (const connection of socketsOf(server).all()) {
      if (isA<LayerSocket>(connection, 'LayerSocket') && connection.customerId === parseId('customer', id)) {
        connection.terminate();
      }
    }
    await until(() => !jane.socketManager.isOpen);
    for (let at = 0; at < 10; at += 1) {
      await say(mine, `missed ${at}`);
    }
    // Until she is there again, and a little longer.
    let count = 0;
    while (!jane.socketManager.isOpen) {
      await say(mine, `meanwhile ${(count += 1)}`);
    }
    await say(mine, 'after');
    await until(() => query.data.length === 12 + count);
    expect(jane.socketManager._socket).not.toBe(old);
    const positions = query.data.map(({ position }: Sdk) => position);
    expect(positions).toEqual(Array.from({ length: 12 + count }, (_, at) => 12 + count - at));
  });

  it('asks its app again where its session has ended, and goes on', async () => {
    challenges.length = 0;
    accepted(await acme.send('DELETE', `/api/v1/customers/${await customerOf('john')}/sessions`, undefined, FROM));
    await until(() => challenges.length > 0 && john.isReady && john.socketManager.isOpen);
    expect(challenges[0]).toBe('john');
    const { mine, hers } = await together();
    const query = messagesOf(jane, hers);
    await say(mine, 'still here');
    await until(() => query.data.length === 1);
  });

  afterAll(() => [john, jane].forEach((client) => client.destroy()));
});
