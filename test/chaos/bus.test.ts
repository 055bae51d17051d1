import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Carrier } from '../../src/platform/cluster/broadcast-bus.js';
import type { Bus, Signal } from '../../src/platform/cluster/bus.js';
import { given as givenOn } from '../support/given.js';
import { describeWithRedis, TestRedis } from '../support/redis.js';
import { startServer, type TestServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);

const EVENTS: Signal = { kind: 'events' };

/** A client event of the largest size there is, in characters of several bytes. */
function clientEvent(channel: string): Signal {
  const data = { text: '漢字😀"\n'.repeat(700) };
  return { kind: 'client_event', clientId: randomUUID(), channel, event: 'client-x', data, userId: null };
}

/** What a server hears from now on. */
function heardBy(server: TestServer): Signal[] {
  const heard: Signal[] = [];
  server.get<Bus>('Bus').onSignal((signal) => heard.push(signal));
  return heard;
}

/** Two servers on one carrier, once each hears the other. */
async function pairOf(env: Record<string, string>): Promise<[TestServer, TestServer]> {
  const servers: [TestServer, TestServer] = [await startServer(env), await startServer(env)];
  await meet(...servers);
  return servers;
}

async function meet(one: TestServer, other: TestServer): Promise<void> {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const channel = randomUUID();
    const heard = heardBy(to);
    await until(async () => {
      from.get<Bus>('Bus').send({ kind: 'presence', clientId: randomUUID(), channelId: channel });
      await sleep(60);
      return heard.some((signal) => signal.kind === 'presence' && signal.channelId === channel);
    });
  }
}

/** What must hold of any carrier. */
function carries(servers: () => [TestServer, TestServer]): void {
  const given = givenOn(() => servers()[0]);

  it('tells the others of an event, and not itself', async () => {
    const [one, other] = servers();
    const [own, heard] = [heardBy(one), heardBy(other)];
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    await sql('INSERT INTO replicas VALUES ($1, now()) ON CONFLICT DO NOTHING', acme.uuid);
    await sql('INSERT INTO listeners (client_id, id, replica_id) VALUES ($1, $1, $1)', acme.uuid);
    await given.message(acme, channel, john);
    await until(() => heard.some(({ kind }) => kind === 'events'));
    expect(own).toEqual([]);
    await sql('DELETE FROM replicas WHERE id = $1', acme.uuid);
  });

  it('carries client events whole, each once and in order', async () => {
    const [one, other] = servers();
    const heard = heardBy(other);
    const sent = Array.from({ length: 20 }, (_, at) => clientEvent(`number ${at}`));
    expect(Buffer.byteLength(JSON.stringify(sent[0]))).toBeGreaterThan(8_000);
    sent.forEach((signal) => one.get<Bus>('Bus').send(signal));
    await until(() => heard.length >= sent.length);
    expect(heard).toEqual(sent);
  });

  it('makes one of many that say the same', async () => {
    const [one, other] = servers();
    const heard = heardBy(other);
    const presence = (channelId: string): Signal => ({ kind: 'presence', clientId: 'a', channelId });
    for (let at = 0; at < 500; at += 1) {
      [EVENTS, presence('x'), presence('y'), { kind: 'sessions' } as const].forEach((signal) =>
        one.get<Bus>('Bus').send(signal),
      );
    }
    await until(() => heard.some(({ kind }) => kind === 'sessions'));
    const all = [EVENTS, presence('x'), presence('y'), { kind: 'sessions' }];
    expect(new Set(heard.map((signal) => JSON.stringify(signal)))).toEqual(
      new Set(all.map((one) => JSON.stringify(one))),
    );
    // The very first may be on its way before the second is there.
    expect(heard.length).toBeLessThanOrEqual(all.length + 1);
  });

  it('keeps nobody waiting for a client that says very much', async () => {
    const [one, other] = servers();
    const bus = one.get<Bus>('Bus');
    let heard: () => void = () => undefined;
    const stop = other.get<Bus>('Bus').onSignal(({ kind }) => (kind === 'events' ? heard() : undefined));
    const times = async (): Promise<number> => {
      const all: number[] = [];
      for (let at = 0; at < 40; at += 1) {
        const arrived = new Promise<void>((resolve) => (heard = resolve));
        const start = performance.now();
        bus.send(EVENTS);
        await arrived;
        all.push(performance.now() - start);
        await sleep(30);
      }
      return all.sort((a, b) => a - b)[35]!;
    };
    const alone = await times();
    // Some ten megabytes a second.
    const loud = { ...clientEvent('loud'), clientId: randomUUID() } as Signal;
    const timer = setInterval(() => Array.from({ length: 8 }, () => bus.send(loud)), 20);
    const beside = await times();
    clearInterval(timer);
    stop();
    // Behind all of that it would wait longer and longer.
    expect(beside / alone).toBeLessThanOrEqual(12);
    // What is still on its way is not for the tests to come.
    const last = randomUUID();
    const told = heardBy(other);
    await until(async () => {
      bus.send({ ...loud, channel: last } as Signal);
      await sleep(60);
      return told.some((signal) => signal.kind === 'client_event' && signal.channel === last);
    });
  });

  it('goes on after a listener has failed', async () => {
    const [one, other] = servers();
    const stop = other.get<Bus>('Bus').onSignal(() => {
      throw new Error('a listener that fails');
    });
    const heard = heardBy(other);
    one.get<Bus>('Bus').send({ kind: 'sessions' });
    await until(() => heard.length > 0);
    stop();
  });
}

describe('Signals over LISTEN and NOTIFY', () => {
  let servers: [TestServer, TestServer];
  beforeAll(async () => {
    servers = await pairOf({ DATABASE_URL: process.env.TEST_DATABASE_URL! });
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));
  carries(() => servers);

  it('are at most twenty transactions a second', async () => {
    const [one] = servers;
    const calls: number[] = [];
    const { carrier } = one.get<Bus & { readonly carrier: Carrier }>('Bus');
    const publish = carrier.publish.bind(carrier);
    carrier.publish = (packets: readonly string[]) => {
      calls.push(performance.now());
      return publish(packets);
    };
    const begun = performance.now();
    while (performance.now() < begun + 1_000) {
      one.get<Bus>('Bus').send(EVENTS);
      await sleep(1);
    }
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.length).toBeLessThanOrEqual(1 + (performance.now() - begun) / 50);
    carrier.publish = publish;
  });

  it('come back after the connection was cut, with the advice to look', async () => {
    const [one, other] = servers;
    const heard = heardBy(other);
    const cut = await sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND (query LIKE 'LISTEN %' OR query LIKE 'SELECT pg_notify%' OR query = 'SELECT 1')`,
    );
    expect(cut.length).toBeGreaterThanOrEqual(2);
    one.get<Bus>('Bus').send(EVENTS);
    await until(() => heard.some(({ kind }) => kind === 'sessions'));
    await meet(one, other);
  });

  it('of others on the channel are overlooked where they are none', async () => {
    const heard = heardBy(servers[1]);
    for (const payload of ['', 'nonsense', 'x 1 1/1 {"kind":"events"}', 'x 2 1/1 [', 'x 3 1/1 [{"kind":"sessions"}]']) {
      await sql(`SELECT pg_notify('parlance', $1)`, payload);
    }
    await until(() => heard.length > 0);
    expect(heard).toEqual([{ kind: 'sessions' }]);
  });
});

describeWithRedis('Signals over Redis', () => {
  let redis: TestRedis;
  let servers: [TestServer, TestServer];
  beforeAll(async () => {
    redis = await TestRedis.start();
    servers = await pairOf({ REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await redis.kill();
  });
  carries(() => servers);

  it('are lost while it is away, and nothing else is; they come back with it', async () => {
    const given = givenOn(() => servers[0]);
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const heard = heardBy(servers[1]);
    await redis.kill();
    for (let at = 0; at < 20; at += 1) {
      servers[0].get<Bus>('Bus').send(clientEvent('lost'));
      await given.message(acme, channel, john);
    }
    expect(heard).toEqual([]);
    await redis.start();
    await until(() => heard.some(({ kind }) => kind === 'events'));
    await meet(...servers);
  });

  it('do not wait for one that no longer answers', async () => {
    redis.freeze();
    const begun = performance.now();
    servers[0].get<Bus>('Bus').send(EVENTS);
    expect(performance.now() - begun).toBeLessThan(1_000);
    await redis.kill();
    await redis.start();
    await meet(...servers);
  });

  it('begin when it comes up after the servers', async () => {
    await redis.kill();
    const late = await startServer({ REDIS_URL: redis.url });
    await redis.start();
    await meet(servers[0], late);
    await late.stop();
  });

  it('do not keep a server from stopping while it is away', async () => {
    await redis.kill();
    const lonely = await startServer({ REDIS_URL: redis.url });
    await lonely.stop();
    await redis.start();
  });
});

it('A server with a PostgreSQL of its own has nobody to tell', async () => {
  const alone = await startServer();
  const heard = heardBy(alone);
  alone.get<Bus>('Bus').send(EVENTS);
  expect(heard).toEqual([]);
  await alone.stop();
});
