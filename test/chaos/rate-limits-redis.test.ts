import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RedisBuckets } from '../../src/platform/common/rate-limit/redis-buckets.js';
import { accepted, call, given as givenOn, type Reply, type TestClient } from '../support/given.js';
import { startProcess } from '../support/process.js';
import { describeWithRedis, TestRedis } from '../support/redis.js';
import { sql } from '../support/sql.js';
import { startServer, type TestServer } from '../support/server.js';

let redis: TestRedis;
let one: TestServer;
let two: TestServer;
const given = givenOn(() => one);

const ask = (server: { readonly url: string }, client: TestClient): Promise<Reply> =>
  call(`${server.url}/api/v1/customers`, 'GET', undefined, client.headers);
const remaining = ({ headers }: Reply): number => Number(headers.get('x-ratelimit-remaining'));

/** Asks until the answer is as wished; a promise of at most ten seconds. */
async function eventually(story: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await story()); tries += 1) {
    expect(tries).toBeLessThan(100);
    await sleep(100);
  }
}

/** Once what one server takes is missing in the other, Redis counts for both. */
const isShared = async (): Promise<boolean> => {
  const client = await given.client();
  return remaining(await ask(one, client)) === 9 && remaining(await ask(two, client)) <= 8;
};

/** How many of twenty requests pass, taking turns at both servers, and how long the slowest took. */
async function twenty(client: TestClient): Promise<{ passed: number; longest: number; took: number }> {
  const start = performance.now();
  let [passed, longest] = [0, 0];
  for (let turn = 0; turn < 20; turn += 1) {
    const asked = performance.now();
    const { status, headers } = await ask(turn % 2 === 0 ? one : two, client);
    expect([200, 429]).toContain(status);
    expect(headers.get('x-ratelimit-limit')).toBe('10');
    passed += Number(status === 200);
    longest = Math.max(longest, performance.now() - asked);
  }
  return { passed, longest, took: performance.now() - start };
}

describeWithRedis('Redis', () => {
  beforeAll(async () => {
    redis = await TestRedis.start();
    const env = { REDIS_URL: redis.url, RATE_LIMIT: '5' };
    [one, two] = await Promise.all([startServer(env), startServer(env)]);
  });
  afterAll(async () => {
    await Promise.all([one.stop(), two.stop()]);
    await redis.kill();
  });

  it('takes back what was not used', async () => {
    const buckets = new RedisBuckets(redis.url);
    buckets.onModuleInit();
    const size = { perSecond: 1, seconds: 60 };
    const [probe, key] = [randomUUID(), randomUUID()];
    // Until it is connected, the process counts by itself.
    await eventually(async () => {
      await buckets.take(probe, size);
      return (await redis.keys()).includes(`parlance:rate:${probe}`);
    });
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await buckets.take(key, size)).toBe(1_000_000);
      await buckets.giveBack(key, size);
    }
    await buckets.take(key, size);
    expect(await buckets.take(key, size)).toBeGreaterThan(1_000_000);
    buckets.onApplicationShutdown();
  });

  it('lets two servers share one bucket', async () => {
    await eventually(isShared);
    const { passed, took } = await twenty(await given.client());
    expect(passed).toBeGreaterThanOrEqual(10);
    // Five more come in each second.
    expect(passed).toBeLessThanOrEqual(11 + took / 200);
  });

  it('forgets a bucket that is full again', async () => {
    accepted(await ask(one, await given.client()));
    await eventually(async () => (await redis.keys()).length === 0);
  });

  it('whose clock was set back admits again at once, not when it is as late once more', async () => {
    await eventually(isShared);
    const client = await given.client();
    const [key] = await sql('SELECT id FROM api_keys WHERE client_id = $1', client.uuid);
    await redis.set(`parlance:rate:${String(key!.id)}`, String((Date.now() + 3_600_000) * 1_000));
    const { status, headers } = await ask(one, client);
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([200, '9']);
  });

  it.each(['killed', 'frozen'] as const)('that is %s leaves each server to count by itself', async (state) => {
    await eventually(isShared);
    await (state === 'killed' ? redis.kill() : redis.freeze());
    try {
      const { passed, longest } = await twenty(await given.client());
      expect(passed).toBeGreaterThanOrEqual(18);
      expect(longest).toBeLessThan(20_000);
    } finally {
      await (state === 'killed' ? redis.start() : redis.thaw());
    }
    await eventually(isShared);
  });

  it('that is away lets a server start, say so once, and stop', async () => {
    const env = {
      DATABASE_URL: process.env.TEST_DATABASE_URL!,
      ROLE: 'web',
      RATE_LIMIT: '5',
      REDIS_URL: 'redis://127.0.0.1:1',
    };
    const server = await startProcess(env);
    try {
      const client = await given.client();
      const replies = await Promise.all(Array.from({ length: 200 }, () => ask(server, client)));
      const passed = replies.filter(({ status }) => status === 200);
      expect(passed.length).toBeGreaterThanOrEqual(10);
      expect(replies.map(({ status }) => status)).toContain(429);
    } finally {
      expect(await server.end('SIGTERM')).toBe(0);
    }
    expect(server.output().match(/counts requests by itself/g)).toHaveLength(1);
  });
});
