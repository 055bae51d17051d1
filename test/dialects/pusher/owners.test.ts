import { beforeEach, describe, expect, it } from '@jest/globals';
import { given as givenOn, type Channel, type Customer, type TestClient } from '../../support/given.js';
import { asClient, Listener, RawSocket, session, type Asker } from '../../support/pusher.js';
import { purge } from '../../support/purge.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

const server = useServer(startServer);
let acme: TestClient;
let [john, jane]: Customer[] = [];
let channel: Channel;
let [asJohn, asJane]: Asker[] = [];
let socket: RawSocket;
beforeEach(async () => {
  acme = await given.client();
  ({ john, jane, channel } = await given.pair(acme));
  [asJohn, asJane] = await Promise.all([john, jane].map(async (one) => (await session(server, acme, one)).ask));
  socket = RawSocket.open(server.url, acme.publicKey);
  await socket.subscribe(presence(), asJohn!);
});
const given = givenOn(() => server);

const room = (): string => `private-channel.${channel.id}`;
const presence = (): string => `presence-channel.${channel.id}`;
const NOT_YOURS = 'Forbidden - This socket belongs to somebody else';

describe('A socket that is open', () => {
  it('is its owner’s for longer than the hour after which who asked is forgotten', async () => {
    await until(async () => (await sql('SELECT FROM open_sockets WHERE client_id = $1', acme.uuid)).length === 1);
    const away = RawSocket.open(server.url, acme.publicKey);
    await away.next('pusher:connection_established');
    await asJane!(away.id, room());
    await sql(`UPDATE socket_owners SET created_at = created_at - interval '2 hours' WHERE client_id = $1`, acme.uuid);
    await purge(server);
    await expect(asJane!(socket.id, room())).rejects.toThrow(NOT_YOURS);
    await expect(asClient(server.url, acme)(socket.id, room())).rejects.toThrow(NOT_YOURS);
    // Who has no socket open is forgotten.
    await asJohn!(away.id, room());
    [socket, away].forEach((one) => one.end());
  });

  it.each<[string, () => Asker]>([
    ['another customer', () => asJane!],
    ['a key', () => asClient(server.url, acme)],
  ])('takes no leave that %s was given, and leaves no ghost', async (_, ask) => {
    const watcher = new Listener(server.url, acme.publicKey, asJane!);
    expect((await watcher.subscribe(presence())).count).toBe(2);
    await sql('DELETE FROM socket_owners WHERE client_id = $1 AND socket_id = $2', acme.uuid, socket.id);
    socket.send({ event: 'pusher:subscribe', data: { channel: room(), ...(await ask()(socket.id, room())) } });
    expect((await socket.next('pusher:subscription_error'))[0]!.data).toMatchObject({ status: 403 });
    socket.end();
    expect((await watcher.next('pusher:member_removed'))[0]!.data).toMatchObject({ id: john!.id });
    expect(await sql('SELECT FROM presences WHERE client_id = $1', acme.uuid)).toHaveLength(1);
    watcher.end();
  });
});
