import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { given as givenOn, type Customer, type TestClient } from '../../support/given.js';
import {
  connect as connectTo,
  connectPair,
  identityOf,
  type LayerSocket,
  type Packet,
} from '../../support/layer-socket.js';
import { Listener, session } from '../../support/pusher.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

const server = useServer(startServer);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);
const connect = (customer: Customer) => connectTo(server, acme, customer);
const pair = () => connectPair(server, acme);

describe('Who is there', () => {
  const statuses = (socket: LayerSocket, of: Customer): unknown[] =>
    socket
      .changes('update', 'Identity')
      .filter(({ object }) => object.id === identityOf(of))
      .flatMap(({ data }) => data)
      .filter(({ property }) => property === 'presence.status')
      .map(({ value }) => value);

  it('is told to those who share a conversation, and answered to who asks', async () => {
    const { john, jane, johns, janes } = await pair();
    const stranger = await given.customer(acme);
    await janes.request('Presence.update', [{ operation: 'set', property: 'status', value: 'busy' }]);
    await until(() => statuses(johns, jane).at(-1) === 'busy');
    const answer = await johns.request('Presence.sync', { ids: [jane, stranger].map(identityOf) });
    expect(answer.data.changes).toEqual([
      {
        ...{ operation: 'update', object: { type: 'Identity', id: identityOf(jane) } },
        data: [{ operation: 'set', property: 'presence.status', value: 'busy' }],
      },
    ]);
    const all = await johns.request('Presence.sync', { since: new Date().toISOString() });
    expect(
      Object.fromEntries(all.data.changes.map(({ object, data }: Packet['body']) => [object.id, data[0].value])),
    ).toEqual({
      [identityOf(jane)]: 'busy',
      [identityOf(john)]: 'available',
    });
    expect((await johns.request('Presence.sync', {})).data).toEqual({ changes: [] });
    janes.end();
    await until(() => statuses(johns, jane).at(-1) === 'offline');
    const [row] = await sql(
      'SELECT last_seen_at FROM customers WHERE client_id = $1 AND id = $2',
      acme.uuid,
      parseId('customer', jane.id),
    );
    expect(row!.last_seen_at).not.toBeNull();
    johns.end();
  });

  it('is what it chose to be, also when it comes back; `auto` chooses nothing', async () => {
    const { jane, johns, janes } = await pair();
    const choose = (socket: LayerSocket, value: string) =>
      socket.request('Presence.update', [{ operation: 'set', property: 'status', value }]);
    const syncedOf = async (socket: LayerSocket): Promise<unknown> =>
      (await socket.request('Presence.sync', { ids: [identityOf(jane)] })).data.changes[0].data[0].value;
    await choose(janes, 'busy');
    janes.end();
    await until(() => statuses(johns, jane).at(-1) === 'offline');
    const again = await connect(jane);
    await choose(again, 'auto');
    await until(() => statuses(johns, jane).at(-1) === 'busy');
    await choose(again, 'offline');
    await until(() => statuses(johns, jane).at(-1) === 'offline');
    again.end();
    const hidden = await connect(jane);
    await choose(hidden, 'auto');
    await until(async () => (await syncedOf(hidden)) === 'invisible');
    expect(await syncedOf(johns)).toBe('offline');
    [johns, hidden].forEach((socket) => socket.end());
  });

  it('is told to its own sockets, with nobody else around', async () => {
    const jane = await given.customer(acme);
    const [first, second] = [await connect(jane), await connect(jane)];
    for (const [value, shown] of [
      ['busy', 'busy'],
      ['offline', 'invisible'],
      ['available', 'available'],
    ]) {
      await first.request('Presence.update', [{ operation: 'set', property: 'status', value }]);
      await until(() => [first, second].every((socket) => statuses(socket, jane).at(-1) === shown));
    }
    [first, second].forEach((socket) => socket.end());
  });

  it('is in the table as long as a socket is open, of whichever dialect', async () => {
    const { john, jane, channel, johns, janes } = await pair();
    const open = async (of: Customer): Promise<number> =>
      (
        await sql(
          'SELECT id FROM open_sockets WHERE client_id = $1 AND customer_id = $2 ORDER BY id',
          acme.uuid,
          parseId('customer', of.id),
        )
      ).length;
    await until(async () => (await open(john)) === 1);
    const { ask } = await session(server, acme, john);
    const listener = new Listener(server.url, acme.publicKey, ask);
    await listener.subscribe(`private-channel.${channel.id}`);
    await until(async () => (await open(john)) === 2);
    johns.end();
    listener.end();
    await until(async () => (await open(john)) === 0);
    expect(await open(jane)).toBe(1);
    janes.end();
  });
});
