import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { EACH, everyPosition, Reader, write, WRITERS } from '../support/busy-channel.js';
import { call, given as givenOn, must, testClient } from '../support/given.js';
import type { Channel, Customer, TestClient } from '../support/given.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { asClient, Listener, RawSocket, session, type Asker } from '../support/pusher.js';
import { describeWithRedis, TestRedis } from '../support/redis.js';
import { type TestServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

/** Milliseconds in which what was revoked has ended: five seconds, and some more on a busy machine. */
const SOON = 30_000;

/** What must hold whatever carries the signals. */
function holdTogether(carrier: () => Record<string, string>): void {
  let settings: Record<string, string>;
  let one: ServerProcess;
  let other: ServerProcess;
  let acme: TestClient;
  let [john, jane, mary]: Customer[] = [];
  let channel: Channel;

  beforeAll(async () => {
    await ownDatabase();
    const shared = { DATABASE_URL: process.env.TEST_DATABASE_URL!, ROLE: 'web', LOG_LEVEL: 'error', ADMIN_KEY };
    settings = { ...shared, ...carrier() };
    // Both find the database empty.
    [one, other] = await Promise.all([startProcess(settings), startProcess(settings)]);
    const { body } = await asOperator('POST', '/clients', { name: 'Acme', domain: 'example.com' });
    acme = testClient(one.url, parseId('client', body.id)!, body.public_key, body.secret_key);
  });
  afterAll(() => Promise.all([one.end('SIGTERM'), other.end('SIGTERM')]));
  beforeEach(async () => {
    [john, jane, mary] = await Promise.all(['John', 'Jane', 'Mary'].map((name) => given.customer(acme, name)));
    channel = await given.channel(acme, [john!, jane!, mary!]);
  });

  const served = ({ url }: ServerProcess): TestServer => ({ url }) as TestServer;
  const given = givenOn(() => served(one));
  const asOperator = (method: string, path: string, body?: object) =>
    call(`${one.url}/admin/v1${path}`, method, body, { authorization: `Bearer ${ADMIN_KEY}` });

  /** Leave to subscribe is asked of the process that does not hold the socket, as behind a load balancer. */
  const askerOf = async (customer: Customer, at: ServerProcess): Promise<Asker> =>
    (await session(served(at === one ? other : one), acme, customer)).ask;
  const as = async (customer: Customer | undefined, at: ServerProcess): Promise<Listener> =>
    new Listener(at.url, acme.publicKey, await askerOf(customer!, at));
  const rawAs = async (customer: Customer | undefined, at: ServerProcess, name: string): Promise<RawSocket> => {
    const socket = RawSocket.open(at.url, acme.publicKey);
    await socket.subscribe(name, await askerOf(customer!, at));
    return socket;
  };
  const room = (): string => `private-channel.${channel.id}`;
  const presence = (): string => `presence-channel.${channel.id}`;

  /** The processes at which a customer is present. */
  const replicasOf = async (customer: Customer | undefined): Promise<string[]> => {
    const query = 'SELECT replica_id AS id FROM presences WHERE client_id = $1 AND customer_id = $2';
    return (await sql<{ id: string }>(query, acme.uuid, parseId('customer', customer!.id))).map(({ id }) => id);
  };
  /** Who came and who went, as this listener was told. */
  const changes = ({ heard }: Listener): string[] =>
    heard
      .filter(({ event }) => event.startsWith('pusher:member_'))
      .map(({ event, data }) => `${event.slice('pusher:member_'.length)} ${data.id}`);

  it('hear of each other’s messages at once', async () => {
    const listeners = [await as(jane, one), await as(jane, other)];
    await Promise.all(listeners.map((listener) => listener.subscribe(room())));
    const start = performance.now();
    for (let count = 1; count <= 20; count += 1) {
      const through = testClient((count % 2 ? one : other).url, acme.uuid, acme.publicKey, acme.secretKey);
      const message = await given.message(through, channel, john!);
      for (const listener of listeners) {
        const told = await listener.next('message.sent', count);
        expect(told.slice(count - 1).map(({ data }) => data.message)).toEqual([message]);
      }
    }
    // A look each second would find them too, but not as fast: each would wait for the next.
    expect(performance.now() - start).toBeLessThan(16_000);
    listeners.forEach((listener) => listener.end());
  });

  it('tell what twelve writers send through both in the order of the channel, each message once', async () => {
    const writers = await Promise.all(Array.from({ length: WRITERS }, () => given.customer(acme)));
    channel = await given.channel(acme, writers, 'Busy');
    const listeners = [new Listener(one.url, acme.publicKey, asClient(other.url, acme)), await as(writers[0], other)];
    await Promise.all(listeners.map((listener) => listener.subscribe(room())));
    const reader = new Reader(acme, channel, one.url, other.url);
    await reader.connect();
    const writing = write([one.url, other.url], acme, channel, writers);
    for (let told = 300; told <= 1_500; told += 400) {
      await reader.until(told);
      await reader.reconnect();
    }
    await writing;
    for (const listener of listeners) {
      await listener.until(() => listener.of('message.sent').length >= WRITERS * EACH);
      expect(listener.of('message.sent').map(({ data }) => data.message.position)).toEqual(everyPosition);
      listener.end();
    }
    await reader.until(WRITERS * EACH);
    expect(reader.ids).toEqual(await reader.all());
    reader.listener.end();
  });

  it('carry client events to each other, of any size, and who is typing', async () => {
    const [asJohn, asJane, asMary] = [await as(john, one), await as(jane, other), await as(mary, other)];
    await Promise.all([asJohn, asJane].map((listener) => listener.subscribe(room())));
    await asMary.subscribe(`private-customer.${mary!.id}`);
    // Three bytes each: more than one NOTIFY carries.
    const wave = { text: '漢'.repeat(3_000), deep: [null, 1, '"\\\n'] };
    asJohn.pusher.channel(room()).trigger('client-wave', wave);
    expect((await asJane.next('client-wave')).map(({ data }) => data)).toEqual([wave]);
    asJane.pusher.channel(room()).trigger('client-wave', 'back');
    expect((await asJohn.next('client-wave')).map(({ data }) => data)).toEqual(['back']);
    asJohn.pusher.channel(room()).trigger('client-typing', { customer_id: jane!.id });
    asJohn.pusher.channel(room()).trigger('client-typing-stopped', {});
    const data = { channel_id: channel.id, customer_id: john!.id };
    for (const listener of [asJane, asMary]) {
      expect((await listener.next('typing.started')).map((told) => told.data)).toEqual([data]);
      expect((await listener.next('typing.stopped')).map((told) => told.data)).toEqual([data]);
    }
    // One that is told twice would have been by now.
    const said = ({ heard }: Listener) => heard.filter(({ event }) => /^(client-|typing\.)/.test(event));
    expect([asJohn, asJane, asMary].map((listener) => said(listener).length)).toEqual([1, 5, 2]);
    [asJohn, asJane, asMary].forEach((listener) => listener.end());
  });

  it('count a customer with tabs on both once', async () => {
    const [asJane, asMary] = [await as(jane, one), await as(mary, other)];
    await asMary.subscribe(presence());
    expect((await asJane.subscribe(presence())).count).toBe(2);
    await asMary.next('pusher:member_added');
    const tabs = [await as(john, one), await as(john, other)];
    const seen = await Promise.all(tabs.map((tab) => tab.subscribe(presence())));
    expect(seen.map(({ count }) => count)).toEqual([3, 3]);
    expect(await replicasOf(john)).toHaveLength(2);
    tabs[0]!.end();
    await until(async () => (await replicasOf(john)).length === 1);
    const late = await as(john, one);
    expect((await late.subscribe(presence())).count).toBe(3);
    tabs[1]!.end();
    await until(async () => (await replicasOf(john)).length === 1);
    late.end();
    for (const [listener, before] of [
      [asJane, []],
      [asMary, [`added ${jane!.id}`]],
    ] as const) {
      await listener.next('pusher:member_removed');
      expect(changes(listener)).toEqual([...before, `added ${john!.id}`, `removed ${john!.id}`]);
    }
    [asJane, asMary].forEach((listener) => listener.end());
  });

  it('close what is revoked through the other', async () => {
    const [asJohn, asJane] = [await rawAs(john, other, room()), await rawAs(jane, other, room())];
    const { body: key } = await asOperator('POST', `/clients/${acme.id}/keys`, { name: 'second', scopes: ['*'] });
    const second = testClient(one.url, acme.uuid, acme.publicKey, key.secret_key);
    const byKey = RawSocket.open(other.url, acme.publicKey);
    await byKey.subscribe('private-client', asClient(other.url, second));
    const start = performance.now();
    const revoked = await Promise.all([
      acme.send('DELETE', `/api/v1/customers/${john!.id}/sessions`),
      asOperator('DELETE', `/clients/${acme.id}/keys/${key.id}`),
    ]);
    expect(revoked.map(({ status }) => status)).toEqual([204, 200]);
    for (const socket of [asJohn, byKey]) {
      expect((await socket.closed).code).toBe(4009);
    }
    expect(performance.now() - start).toBeLessThan(SOON);
    expect(asJane.wire.readyState).toBe(1);
    asJane.end();
  });

  it('send away whom they hold when they were taken for dead, and are right again', async () => {
    const asJane = await as(jane, other);
    const there = await asJane.subscribe(presence());
    const asJohn = await as(john, one);
    await asJohn.subscribe(presence());
    await asJohn.subscribe(room());
    const asMary = await rawAs(mary, one, presence());
    // A second tab of his that sleeps, and so never says that it was closed.
    const asleep = await rawAs(john, one, presence());
    asleep.wire.pause();
    await asJane.next('pusher:member_added', 2);
    const before = asJohn.socketId;
    await sql('DELETE FROM replicas WHERE id = $1', (await replicasOf(john))[0]);
    expect((await asMary.closed).code).toBe(4200);
    await asJohn.until(() => asJohn.pusher.connection.state === 'connected' && asJohn.socketId !== before);
    await asJane.until(() => there.count === 2 && there.get(john!.id) !== null);
    expect(there.get(mary!.id)).toBeNull();
    expect(await replicasOf(john)).toHaveLength(1);
    const message = await given.message(acme, channel, jane!);
    expect((await asJohn.next('message.sent')).map(({ data }) => data.message.id)).toEqual([message.id]);
    // Nobody is left over of those who were there before.
    asJohn.end();
    await asJane.until(() => there.count === 1);
    expect(await replicasOf(john)).toEqual([]);
    asJane.end();
    asleep.end();
  });

  it('give up one that was killed, with all who were there', async () => {
    // Before anybody connects: who subscribes to nothing for half a minute is sent away.
    const third = await startProcess(settings);
    const [asJane, asMary] = [await as(jane, other), await as(mary, other)];
    await asMary.subscribe(presence());
    const [asJohn, second] = [await rawAs(john, third, presence()), await rawAs(mary, third, presence())];
    expect((await asJane.subscribe(presence())).count).toBe(3);
    const [victim] = await replicasOf(john);
    const url = 'https://example.com/hook';
    const endpoint = must(await acme.api.POST('/api/v1/webhook_endpoints', { body: { url, events: ['*'] } }));
    const endpointId = parseId('webhook_endpoint', endpoint.id);
    await sql('UPDATE webhook_endpoints SET leased_by = $1 WHERE id = $2', victim, endpointId);
    const rows = async (): Promise<number[]> => {
      const tables = ['replicas WHERE id', 'listeners WHERE replica_id', 'webhook_endpoints WHERE leased_by'];
      return Promise.all(tables.map(async (table) => (await sql(`SELECT FROM ${table} = $1`, victim)).length));
    };
    expect(await rows()).toEqual([1, 1, 1]);
    await third.end('SIGKILL');
    await asJane.until(() => changes(asJane).length > 0);
    expect(await rows()).toEqual([0, 0, 0]);
    // Mary has her tab at the other.
    expect(changes(asJane)).toEqual([`removed ${john!.id}`]);
    const back = await as(john, one);
    expect((await back.subscribe(presence())).count).toBe(3);
    await asJane.next('pusher:member_added');
    await back.subscribe(room());
    const message = await given.message(acme, channel, jane!);
    expect((await back.next('message.sent')).map(({ data }) => data.message.id)).toEqual([message.id]);
    [asJane, asMary, asJohn, second, back].forEach((connection) => connection.end());
  });
}

describe('Processes that share a database', () => {
  describe('and tell each other by LISTEN and NOTIFY', () => holdTogether(() => ({})));

  describeWithRedis('and tell each other by Redis', () => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await TestRedis.start();
    });
    afterAll(() => redis.kill());
    holdTogether(() => ({ REDIS_URL: redis.url }));
  });
});
