import { beforeAll, expect, it } from '@jest/globals';
import { given as givenOn } from '../../support/given.js';
import { asClient, Listener } from '../../support/pusher.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';

beforeAll(async () => {
  await ownDatabase();
});
const server = useServer(startServer);
const given = givenOn(() => server);

it('The very first event of an installation is heard, however long somebody has been listening for it', async () => {
  const acme = await given.client();
  const { john, channel } = await given.pair(acme);
  const listener = new Listener(server.url, acme.publicKey, asClient(server.url, acme));
  await listener.subscribe(`private-channel.${channel.id}`);
  // Two looks of the feed, after which a number that is missing would be given up.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await sql('SELECT FROM events')).toHaveLength(0);
  const message = await given.message(acme, channel, john);
  const [told] = await listener.next('message.sent');
  expect(told!.data).toEqual({ message });
  listener.end();
});
