import { expect, it } from '@jest/globals';
import { given as givenOn } from '../../support/given.js';
import { asClient, Listener } from '../../support/pusher.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const given = givenOn(() => server);

it('Who joins a channel is told that nothing in it is unread, whatever was left unread before', async () => {
  const acme = await given.client();
  const { john, jane, channel } = await given.pair(acme);
  const other = await given.channel(acme, [john, jane], 'Other');
  const listener = new Listener(server.url, acme.publicKey, asClient(server.url, acme));
  await listener.subscribe(`private-customer.${jane.id}`);
  await given.message(acme, other, john);
  await given.message(acme, channel, john);
  await listener.next('unread.changed', 2);
  const members = `/api/v1/channels/${channel.id}/customers`;
  expect((await acme.send('DELETE', `${members}/${jane.id}`)).status).toBe(204);
  expect((await acme.send('POST', members, { customer_uuids: [jane.id] })).status).toBe(200);
  const [, , last] = await listener.next('unread.changed', 3);
  expect(last!.data).toEqual({ channel_id: channel.id, unread_count: 0, total_unread: 1 });
  listener.end();
});
