import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type TestClient } from '../../support/given.js';
import { messagesOf, openSdk, say, sent, type Sdk } from '../../support/layer-sdk.js';
import { layerApp, type LayerApp } from '../../support/layer.js';
import { startServer, type TestServer } from '../../support/server.js';
import { startTlsProxy, type TlsProxy } from '../../support/tls-proxy.js';
import { until } from '../../support/until.js';

let server: TestServer;
let proxy: TlsProxy;
let acme: TestClient;
let app: LayerApp;
beforeAll(async () => {
  server = await startServer({ TRUST_PROXY: '127.0.0.1' });
  proxy = await startTlsProxy(server.port);
  acme = await givenOn(() => server).client({ domain: 'localhost' });
  app = await layerApp(() => server, acme);
});
afterAll(async () => {
  proxy.stop();
  await server.stop();
});

/** How each SDK is opened and where it speaks to: the newer one speaks to https addresses only. */
const SDKS: Record<string, () => Sdk> = {
  'web-xdk': () => {
    const layer = openSdk('https://localhost/', '@layerhq/web-xdk/index-core.js');
    return layer.init(optionsFor(proxy.url));
  },
  'layer-websdk': () => {
    const layer = openSdk('http://localhost/');
    return new layer.Client(optionsFor(server.url));
  },
};

function optionsFor(url: string): object {
  return {
    ...{ appId: app.appId, url: `${url}/layer`, websocketUrl: `${url.replace('http', 'ws')}/layer` },
    ...{ telemetryEnabled: false, isTrustedDevice: false, logLevel: 0 },
  };
}

describe.each(Object.entries(SDKS))('%s, as it is published,', (name, openClient) => {
  /** A user's page: logged in, and its socket open. */
  async function logIn(userId: string): Promise<Sdk> {
    const client = openClient();
    client.on('challenge', ({ nonce, callback }: { nonce: string; callback: (token: string) => void }) => {
      void app.identityToken(userId, { nce: nonce }).then(callback);
    });
    client.connect(userId);
    await until(() => client.isReady && client.socketManager.isOpen);
    return client;
  }

  let john: Sdk;
  let jane: Sdk;
  beforeAll(async () => {
    [john, jane] = await Promise.all([logIn('john'), logIn('jane')]);
  });
  afterAll(() => [john, jane].forEach((client) => client.destroy()));

  async function create(client: Sdk, options: object): Promise<{ channel: Sdk; result: string }> {
    const channel = client.createChannel(options);
    channel.send();
    return { channel, result: (await sent(channel, 'channels:sent')).result };
  }

  /** A channel that others have made, as its page would load it. */
  async function load(client: Sdk, { id }: Sdk): Promise<Sdk> {
    const channel = client.getChannel(id, true);
    await until(() => !channel.isLoading);
    return channel;
  }

  // The SDKs empty what they are given.
  const words = () => ({ parts: [{ mimeType: 'text/plain', body: 'Hello' }] });

  it('makes a channel, which another finds, joins, speaks in and leaves', async () => {
    const { channel, result } = await create(john, { name: `${name} lunch`, metadata: { topic: 'Food' } });
    expect([result, channel.isCurrentParticipant, channel.membership.userId]).toEqual(['Created', true, 'john']);
    const found = await create(jane, { name: `${name} lunch` });
    expect([found.result, found.channel.id, found.channel.isCurrentParticipant]).toEqual(['Found', channel.id, false]);
    expect(found.channel.metadata).toEqual({ topic: 'Food' });

    const added: Sdk[] = [];
    john.on('members:add', ({ members }: Sdk) => added.push(...members));
    found.channel.join();
    await until(() => found.channel.isCurrentParticipant);
    await until(() => added.some(({ identity }) => identity.userId === 'jane'));

    const heard = messagesOf(jane, found.channel);
    const said = await say(channel, words());
    await until(() => heard.data.length === 1);
    expect([heard.data[0].id, heard.data[0].isRead]).toEqual([said.id, false]);
    expect(heard.data[0].getConversation().id).toBe(channel.id);
    const answers = messagesOf(john, channel);
    const answer = await say(found.channel, words());
    await until(() => answers.data.length === 2);
    answer.delete();
    await until(() => answers.data.length === 1);

    const gone: Sdk[] = [];
    john.on('members:remove', ({ members }: Sdk) => gone.push(...members));
    found.channel.leave();
    await until(() => !found.channel.isCurrentParticipant);
    await until(() => gone.some(({ id }) => id === `${channel.id as string}/members/jane`));
    await say(channel, words());
    await until(() => answers.data.length === 2);
    expect(heard.data).toHaveLength(1);
  });

  it('lists channels and their members, and loads one of these', async () => {
    const { channel } = await create(john, { name: `${name} list`, members: ['layer:///identities/jane', 'joe'] });
    const query = jane.createQuery({ model: 'Channel' });
    await until(() => query.data.some(({ id }: Sdk) => id === channel.id));
    const hers = await until(() => jane.getChannel(channel.id));
    await until(() => hers.isCurrentParticipant);
    const memberships = jane.createQuery({ model: 'Membership', predicate: `channel.id = '${channel.id}'` });
    // The SDKs take whoever joins any channel for one of this.
    const members = () => memberships.data.filter(({ channelId }: Sdk) => channelId === channel.id);
    await until(() => members().length === 3);
    expect(
      members()
        .map(({ identity }: Sdk) => identity.userId)
        .sort(),
    ).toEqual(['jane', 'joe', 'john']);
    const joe = john.getMember(`${channel.id as string}/members/joe`, true);
    await until(() => joe.identity?.userId === 'joe');
  });

  it('changes and deletes a channel, which others hear of', async () => {
    const { channel } = await create(john, { name: `${name} change`, members: ['jane'] });
    const hers = await load(jane, channel);
    channel.setMetadataProperties({ topic: 'Drinks' });
    await until(() => hers.metadata.topic === 'Drinks');
    channel.deleteMetadataProperties(['topic']);
    await until(() => hers.metadata.topic === undefined);
    channel.addMembers(['joe']);
    await until(() => jane.getMember(`${channel.id as string}/members/joe`));
    channel.delete();
    await until(() => hers.isDestroyed);
  });

  it('is told of other metadata than it asked for', async () => {
    await create(john, { name: `${name} mine`, metadata: { a: '1' } });
    const { channel, result } = await create(jane, { name: `${name} mine`, metadata: { a: '2' } });
    expect([result, channel.metadata]).toEqual(['Found', { a: '1' }]);
  });
});
