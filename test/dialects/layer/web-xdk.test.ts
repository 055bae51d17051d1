import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LayerSocket } from '../../../src/dialects/layer/socket/layer-socket.js';
import { given as givenOn, type TestClient } from '../../support/given.js';
import { layerApp, type LayerApp } from '../../support/layer.js';
import { messagesOf, openSdk, say, sent, type Sdk } from '../../support/layer-sdk.js';
import { isA, socketsOf, startServer, type TestServer } from '../../support/server.js';
import { startTlsProxy, type TlsProxy } from '../../support/tls-proxy.js';
import { until } from '../../support/until.js';

let server: TestServer;
let proxy: TlsProxy;
let acme: TestClient;
let app: LayerApp;
beforeAll(async () => {
  server = await startServer({ TRUST_PROXY: '127.0.0.1' });
  proxy = await startTlsProxy(server.port);
  acme = await given.client({ domain: 'localhost' });
  app = await layerApp(() => server, acme);
});
afterAll(async () => {
  proxy.stop();
  await server.stop();
});
const given = givenOn(() => server);

/** A user's page: logged in, and its socket open. */
async function logIn(userId: string): Promise<Sdk> {
  const layer = openSdk('https://localhost/', '@layerhq/web-xdk/index-core.js');
  const client = layer.init({
    ...{ appId: app.appId, url: `${proxy.url}/layer`, websocketUrl: `${proxy.url.replace('https', 'wss')}/layer` },
    ...{ telemetryEnabled: false, isTrustedDevice: false, logLevel: 0 },
  });
  client.on('challenge', ({ nonce, callback }: { nonce: string; callback: (token: string) => void }) => {
    void app.identityToken(userId, { nce: nonce }).then(callback);
  });
  client.connect(userId);
  await until(() => client.isReady && client.socketManager.isOpen);
  return client;
}

/** What a message is made of, in its order; its parts are a set here. */
const partsOf = (message: Sdk): Sdk[] => [...message.parts];

describe('web-xdk, as it is published,', () => {
  let john: Sdk;
  let jane: Sdk;
  beforeAll(async () => {
    [john, jane] = await Promise.all([logIn('john'), logIn('jane')]);
  });
  afterAll(() => [john, jane].forEach((client) => client.destroy()));

  /** A conversation of the two, with its first message, and how Jane has it. */
  async function together(metadata: object = {}): Promise<{ readonly mine: Sdk; readonly hers: Sdk }> {
    const mine = john.createConversation({ participants: ['jane'], distinct: false, metadata });
    mine.send();
    await sent(mine, 'conversations:sent');
    return { mine, hers: await until(() => jane.getConversation(mine.id)) };
  }

  it('lists conversations, finds the distinct one again', async () => {
    const first = john.createConversation({ participants: ['jane'], distinct: true, metadata: { title: 'Lunch' } });
    first.send();
    expect((await sent(first, 'conversations:sent')).result).toBe('Created');
    const another = await logIn('john');
    const query = another.createQuery({ model: 'Conversation' });
    await until(() => query.data.length === 1);
    expect(query.data[0]).toMatchObject({ id: first.id, metadata: { title: 'Lunch' }, distinct: true });
    another.destroy();
  });

  it('sends messages of one part and of several, which arrive and are read', async () => {
    const { mine, hers } = await together();
    const query = messagesOf(jane, hers);
    const hello = await say(mine, { parts: [{ mimeType: 'text/plain', body: 'Привет, '.repeat(250) }] });
    const parts = [
      { mimeType: 'application/vnd.layer.text+json;role=root', body: '{"text":"See"}' },
      { mimeType: 'application/json;role=meta;parent-node-id=root', body: '{"a":"ü"}' },
    ];
    const second = await say(mine, { parts });
    await until(() => query.data.length === 2);
    const arrived = query.data.map((message: Sdk) => partsOf(message).map(({ body }) => body));
    expect(arrived).toEqual([['{"text":"See"}', '{"a":"ü"}'], ['Привет, '.repeat(250)]]);
    expect(partsOf(query.data[0]).map(({ mimeType, mimeAttributes }) => [mimeType, mimeAttributes.role])).toEqual([
      ['application/vnd.layer.text+json', 'root'],
      ['application/json', 'meta'],
    ]);
    await until(() => hers.unreadCount === 2);
    query.data[0].isRead = true;
    await until(() => [hello, second].every((message) => message.recipientStatus[jane.user.id] === 'read'));
    await until(() => hers.unreadCount === 0);
  });

  it('sends what is too large for a message as a file', async () => {
    const { mine, hers } = await together();
    const query = messagesOf(jane, hers);
    const body = 'x'.repeat(5_000);
    await say(mine, { parts: [{ mimeType: 'text/x-long', body }] });
    await until(() => query.data.length === 1);
    const [part] = partsOf(query.data[0]);
    expect(part.hasContent).toBe(true);
    part.fetchContent();
    await until(() => part.body === body);
  });

  it('notifies of what comes with a notification', async () => {
    const { mine } = await together();
    const heard: Sdk[] = [];
    jane.on('messages:notify', ({ notification }: Sdk) => heard.push(notification));
    await say(mine, { parts: [{ mimeType: 'text/plain', body: 'Lunch?' }] }, { title: 'John', text: 'Lunch?' });
    await until(() => heard.length > 0);
    expect(heard).toEqual([expect.objectContaining({ title: 'John', text: 'Lunch?' })]);
  });

  it('tells of who is typing, of metadata, of participants and of what is deleted', async () => {
    const { mine, hers } = await together({ title: 'Lunch' });
    const heard: Sdk[] = [];
    jane.on('typing-indicator-change', (event: Sdk) => heard.push(event));
    const publisher = john.createTypingPublisher();
    publisher.setConversation(mine);
    publisher.setState('started');
    await until(() => heard.find(({ typing }) => typing.length === 1 && typing[0].id === john.user.id));
    mine.setMetadataProperties({ a: { b: 'c' }, title: 'Dinner' });
    await until(() => hers.metadata.title === 'Dinner');
    expect(hers.metadata).toEqual({ title: 'Dinner', a: { b: 'c' } });
    mine.addParticipants(['joe']);
    await until(() => hers.participants.length === 3);
    const query = messagesOf(jane, hers);
    const message = await say(mine, { parts: [{ mimeType: 'text/plain', body: 'one' }] });
    await until(() => query.data.length === 1);
    message.delete('all_participants');
    await until(() => query.data.length === 0);
    mine.delete('all_participants');
    await until(() => hers.isDestroyed);
  });

  it('shows the status that another has chosen', async () => {
    await together();
    john.user.setStatus('busy');
    await until(() => jane.getIdentity(john.user.id).status === 'busy');
  });

  it('comes back after its socket broke, and has missed nothing', async () => {
    const { mine, hers } = await together();
    const query = messagesOf(jane, hers);
    await say(mine, { parts: [{ mimeType: 'text/plain', body: 'before' }] });
    await until(() => query.data.length === 1);
    for (const connection of socketsOf(server).all()) {
      if (isA<LayerSocket>(connection, 'LayerSocket')) {
        connection.terminate();
      }
    }
    await until(() => !jane.socketManager.isOpen);
    for (let at = 0; at < 5; at += 1) {
      const missed = mine.createMessage({ parts: [{ mimeType: 'text/plain', body: `missed ${at}` }] });
      missed.send();
      await sent(missed, 'messages:sent');
    }
    await until(() => query.data.length === 6);
    expect(query.data.map(({ position }: Sdk) => position)).toEqual([6, 5, 4, 3, 2, 1]);
  });
});
