import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import type { ChannelDeletionsService } from '../../../src/messages/deletion/channel-deletions.service.js';
import { given as givenOn, must, type Channel, type Customer, type TestClient } from '../../support/given.js';
import { asClient, Listener, session } from '../../support/pusher.js';
import { receiver } from '../../support/receiver.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase } from '../../support/sql.js';
import { endpoint } from '../../support/webhooks.js';

beforeAll(async () => {
  await ownDatabase();
});
const server = useServer(() => startServer({ ROLE: 'all', DATABASE_URL: process.env.TEST_DATABASE_URL! }));
const given = givenOn(() => server);

const tenantOf = ({ uuid }: TestClient) => ({ clientId: uuid, livemode: false });
const deleteForAll = (acme: TestClient, { id }: Channel) =>
  server.get<ChannelDeletionsService>('ChannelDeletionsService').deleteForAll(tenantOf(acme), parseId('channel', id)!);
const clear = (acme: TestClient, { id }: Channel, who: Customer) =>
  server
    .get<ChannelDeletionsService>('ChannelDeletionsService')
    .clear(tenantOf(acme), parseId('channel', id)!, parseId('customer', who.id)!);

/** A pair with a channel, and the client itself on all that hears of it. */
async function world() {
  const acme = await given.client();
  const pair = await given.pair(acme);
  const names = {
    ...{ channel: `private-channel.${pair.channel.id}`, client: 'private-client' },
    ...{ john: `private-customer.${pair.john.id}`, jane: `private-customer.${pair.jane.id}` },
  };
  const all = new Listener(server.url, acme.publicKey, asClient(server.url, acme));
  for (const name of Object.values(names)) {
    await all.subscribe(name);
  }
  return { acme, ...pair, names, all };
}

describe('A channel that is deleted', () => {
  it('is told to all of it, by whatever name they listen', async () => {
    const { acme, channel, names, all } = await world();
    await deleteForAll(acme, channel);
    const told = await all.next('channel.deleted', 4);
    expect(told.map((one) => one.channel).sort()).toEqual(Object.values(names).sort());
    expect(told.map(({ data }) => data)).toEqual(Array(4).fill({ id: channel.id }));
    all.end();
  });

  it('is told to its members and to nobody else, who from then on hear nothing of it', async () => {
    const { acme, john, jane, channel, names, all } = await world();
    const stranger = await given.customer(acme);
    await given.channel(acme, [stranger, john], 'Elsewhere');
    const { ask } = await session(server, acme, jane);
    const asJane = new Listener(server.url, acme.publicKey, ask);
    for (const name of [names.channel, names.jane, `presence-channel.${channel.id}`]) {
      await asJane.subscribe(name);
    }
    const asStranger = new Listener(server.url, acme.publicKey, (await session(server, acme, stranger)).ask);
    await asStranger.subscribe(`private-customer.${stranger.id}`);
    await deleteForAll(acme, channel);
    const told = await asJane.next('channel.deleted', 2);
    expect(told.map((one) => one.channel).sort()).toEqual([names.channel, names.jane].sort());
    await expect(ask(asJane.socketId, names.channel)).rejects.toThrow('Forbidden');
    // A later word has come to the stranger, so this one would have, too.
    await given.channel(acme, [stranger, jane], 'New');
    await asStranger.next('channel.created');
    expect(asStranger.of('channel.deleted')).toEqual([]);
    [all, asJane, asStranger].forEach((listener) => listener.end());
  });

  it('is told to webhooks, and listed', async () => {
    const acme = await given.client();
    const shop = await receiver();
    await endpoint(acme, shop.url, ['channel.deleted']);
    const { channel } = await given.pair(acme);
    await deleteForAll(acme, channel);
    const [received] = await shop.got(1);
    const data = { object: 'channel', id: channel.id, deleted: true };
    expect(received!.body).toMatchObject({ type: 'channel.deleted', data });
    const [newest, ...older] = must(await acme.api.GET('/api/v1/events')).data;
    expect(newest).toEqual(received!.body);
    // What was said of it before is of something that is gone, too.
    expect(older.find(({ type }) => type === 'channel.created')!.data).toEqual(data);
    await shop.close();
  });
});

describe('A channel that one of its members clears', () => {
  it('changes what that one has not read, and is told to nobody else', async () => {
    const { acme, john, jane, channel, names, all } = await world();
    const second = await given.channel(acme, [john, jane], 'Second');
    await given.message(acme, second, john);
    await given.message(acme, channel, john);
    await all.next('unread.changed', 2, names.jane);
    const before = all.heard.length;
    await clear(acme, channel, jane);
    const told = (await all.next('unread.changed', 3, names.jane)).at(-1)!;
    expect(told.data).toEqual({ channel_id: channel.id, unread_count: 0, total_unread: 1 });
    await given.message(acme, channel, john);
    await all.next('message.sent', 3, names.client);
    const others = all.heard.slice(before).filter(({ event }) => event !== 'message.sent');
    expect(others.filter((one) => one.channel !== names.jane)).toEqual([]);
    all.end();
  });
});
