import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { given as givenOn, type Channel, type Customer, type TestClient } from '../../support/given.js';
import { Listener, RawSocket, session } from '../../support/pusher.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
let acme: TestClient;
let john: Customer;
let jane: Customer;
let channel: Channel;
beforeAll(async () => {
  acme = await given.client();
});
beforeEach(async () => {
  ({ john, jane, channel } = await given.pair(acme));
});
const given = givenOn(() => server);

const name = (): string => `presence-channel.${channel.id}`;
const as = async (customer: Customer): Promise<Listener> =>
  new Listener(server.url, acme.publicKey, (await session(server, acme, customer)).ask);

const present = async () =>
  (
    await sql(
      'SELECT customer_id FROM presences WHERE client_id = $1 AND channel_id = $2',
      acme.uuid,
      parseId('channel', channel.id),
    )
  ).length;

describe('Presence', () => {
  it('says who is there, who comes and who goes', async () => {
    const asJohn = await as(john);
    const first = await asJohn.subscribe(name());
    expect([first.count, first.myID, first.members]).toEqual([1, john.id, { [john.id]: { name: 'John' } }]);
    const asJane = await as(jane);
    const second = await asJane.subscribe(name());
    expect(second.members).toEqual({ [john.id]: { name: 'John' }, [jane.id]: { name: 'Jane' } });
    expect((await asJohn.next('pusher:member_added')).map(({ data }) => data)).toEqual([
      { id: jane.id, info: { name: 'Jane' } },
    ]);
    asJane.end();
    expect((await asJohn.next('pusher:member_removed')).map(({ data }) => data.id)).toEqual([jane.id]);
    expect(asJane.of('pusher:member_added')).toEqual([]);
    asJohn.end();
    while ((await present()) > 0) {
      // The last socket is just being noticed as closed.
    }
  });

  it('speaks the protocol’s own words', async () => {
    const { ask } = await session(server, acme, john);
    const socket = RawSocket.open(server.url, acme.publicKey);
    await socket.subscribe(name(), ask);
    const [frame] = await socket.next('pusher_internal:subscription_succeeded');
    expect(frame).toEqual({
      event: 'pusher_internal:subscription_succeeded',
      channel: name(),
      data: JSON.stringify({ presence: { count: 1, ids: [john.id], hash: { [john.id]: { name: 'John' } } } }),
    });
    const asJane = await as(jane);
    await asJane.subscribe(name());
    const [added] = await socket.next('pusher_internal:member_added');
    expect(added).toMatchObject({
      channel: name(),
      data: JSON.stringify({ user_id: jane.id, user_info: { name: 'Jane' } }),
    });
    asJane.pusher.unsubscribe(name());
    const [removed] = await socket.next('pusher_internal:member_removed');
    expect(removed).toMatchObject({ channel: name(), data: JSON.stringify({ user_id: jane.id }) });
    socket.end();
    asJane.end();
  });

  it('counts a customer once, however many tabs it has, under either name of the channel', async () => {
    const asJohn = await as(john);
    await asJohn.subscribe(name());
    const tabs = [await as(jane), await as(jane), await as(jane)];
    await Promise.all(
      tabs.map((tab, at) => tab.subscribe(at === 2 ? `presence-presence.channel.${channel.id}` : name())),
    );
    const [seen] = await Promise.all([asJohn.next('pusher:member_added')]);
    expect(seen).toHaveLength(1);
    tabs[0]!.end();
    tabs[1]!.end();
    const late = await as(john);
    const there = await late.subscribe(name());
    expect(Object.keys(there.members).sort()).toEqual([john.id, jane.id].sort());
    expect(asJohn.of('pusher:member_removed')).toEqual([]);
    tabs[2]!.end();
    await asJohn.next('pusher:member_removed');
    expect(asJohn.heard.map(({ event }) => event)).toEqual(['pusher:member_added', 'pusher:member_removed']);
    // His second tab is no second John, neither when it comes nor when it goes.
    late.pusher.unsubscribe(name());
    const again = await as(jane);
    expect((await again.subscribe(name())).count).toBe(2);
    [asJohn, late, again].forEach((one) => one.end());
  });

  it('forgets nobody and keeps nobody, through a storm of coming and going', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, (_, at) => given.customer(acme, `Person ${at}`)));
    channel = await given.channel(acme, people, 'Storm');
    const watcher = await as(people[0]!);
    const there = await watcher.subscribe(name());
    await Promise.all(
      people.slice(1).map(async (person, at) => {
        const { ask } = await session(server, acme, person);
        for (let round = 0; round < 6; round += 1) {
          const socket = RawSocket.open(server.url, acme.publicKey);
          await socket.subscribe(name(), ask);
          if (round < 5 || at % 2 === 0) {
            socket.end();
          }
        }
      }),
    );
    // Every second one has stayed.
    await watcher.until(() => there.count === 4);
    const staying = [0, 2, 4, 6].map((at) => people[at]!.id);
    expect(Object.keys(there.members).sort()).toEqual(staying.sort());
    while ((await present()) !== 4) {
      // What the watcher was told is what is written.
    }
    watcher.end();
  });

  it('ends with membership', async () => {
    const [asJohn, asJane] = [await as(john), await as(jane)];
    await asJohn.subscribe(name());
    await asJane.subscribe(name());
    await asJohn.next('pusher:member_added');
    const ids = [acme.uuid, parseId('channel', channel.id), parseId('customer', jane.id)];
    await sql('DELETE FROM channel_members WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3', ...ids);
    // Nothing told of it, so it is the look every few seconds that sees it.
    expect((await asJohn.next('pusher:member_removed'))[0]!.data.id).toBe(jane.id);
    [asJohn, asJane].forEach((one) => one.end());
  });
});
