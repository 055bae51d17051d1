import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { StoredMessage } from '../../src/platform/outbox/event-types.js';
import type { Replicas } from '../../src/platform/cluster/replicas.js';
import type { Feed, FeedEvent } from '../../src/platform/outbox/feed.js';
import type { FeedRepository } from '../../src/platform/outbox/feed.repository.js';
import { given as givenOn, type TestClient } from '../support/given.js';
import { describeWithRedis, TestRedis } from '../support/redis.js';
import { startServer, type TestServer } from '../support/server.js';
import { beside, ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);

let writer: TestServer;
let reader: TestServer;
const given = givenOn(() => writer);
/** What the reader's connections go by. */
const NAME = `reader-${process.pid}`;
/** Who listens asks now and then whether it is still connected. */
const LISTENING = `
  SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND query IN ('LISTEN parlance', 'SELECT 1')`;

const feedOf = (of: TestServer) => of.get<Feed>('Feed');

function hear(server: TestServer): FeedEvent[] {
  const heard: FeedEvent[] = [];
  feedOf(server).onEvents((events) => Promise.resolve(void heard.push(...events)));
  return heard;
}

async function write(of: TestClient, count: number): Promise<string[]> {
  const { john, channel } = await given.pair(of);
  const contents = Array.from({ length: count }, (_, at) => `number ${at}`);
  for (const content of contents) {
    await given.message(of, channel, john, content);
  }
  return contents;
}

const messagesIn = (events: readonly FeedEvent[]): string[] =>
  events.filter(({ type }) => type === 'message.created').map(({ data }) => (data as StoredMessage).content);

/** Without its poll a feed hears only what it is told. */
async function expectToldWithoutPoll(): Promise<void> {
  const acme = await given.client();
  const heard = hear(reader);
  await feedOf(reader).listen(acme.uuid);
  clearInterval(feedOf(reader)['timer']);
  const contents = await write(acme, 20);
  await until(() => messagesIn(heard).length === contents.length);
  expect(messagesIn(heard)).toEqual(contents);
}

describe('A feed whose PostgreSQL is shared', () => {
  beforeEach(async () => {
    writer = await startServer({ DATABASE_URL: process.env.TEST_DATABASE_URL! });
    const url = new URL(process.env.TEST_DATABASE_URL!);
    url.searchParams.set('application_name', NAME);
    reader = await startServer({ DATABASE_URL: url.href });
  });
  afterEach(() => Promise.all([reader.stop(), writer.stop()]));

  it('is told by NOTIFY of what another process wrote', async () => {
    await until(async () => (await sql(LISTENING)).length >= 2);
    await expectToldWithoutPoll();
  });

  it('loses and doubles nothing when its connections are cut again and again', async () => {
    const acme = await given.client();
    const heard = hear(reader);
    await feedOf(reader).listen(acme.uuid);
    let writing = true;
    const cutting = (async () => {
      let cuts = 0;
      while (writing) {
        cuts += (await sql('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', NAME))
          .length;
        await until(() => !writing || messagesIn(heard).length % 20 > 10);
      }
      return cuts;
    })();
    const contents = await write(acme, 300);
    writing = false;
    expect(await cutting).toBeGreaterThan(1);
    await until(() => messagesIn(heard).length >= contents.length);
    expect(messagesIn(heard)).toEqual(contents);
  });
});

describeWithRedis('A feed with Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await TestRedis.start();
    [writer, reader] = [await startServer({ REDIS_URL: redis.url }), await startServer({ REDIS_URL: redis.url })];
  });
  afterAll(async () => {
    await Promise.all([reader.stop(), writer.stop()]);
    await redis.kill();
  });

  it('finds by itself what Redis does not tell', async () => {
    const acme = await given.client();
    const heard = hear(reader);
    await feedOf(reader).listen(acme.uuid);
    await redis.kill();
    const contents = await write(acme, 20);
    await until(() => messagesIn(heard).length === contents.length);
    expect(messagesIn(heard)).toEqual(contents);
    await redis.start();
  });

  it('is told by Redis of what another process wrote', async () => {
    await until(() => subscribers(redis.url, 2));
    await expectToldWithoutPoll();
  });
});

async function subscribers(url: string, count: number): Promise<boolean> {
  const { createClient } = await import('redis');
  const client = await createClient({ url }).connect();
  const counts = await client.pubSubNumSub('parlance');
  client.destroy();
  return Number(counts.parlance) === count;
}

describe('The beginning of a feed', () => {
  beforeAll(async () => {
    writer = reader = await startServer();
    await reader.get<Replicas>('Replicas').registered;
  });
  afterAll(() => reader.stop());

  it('is before the transactions that are under way', async () => {
    const acme = await given.client();
    const repository = reader.get<FeedRepository>('FeedRepository');
    await repository.listen(acme.uuid);
    const insert = (connection: pg.Client) =>
      connection.query(
        `INSERT INTO events (client_id, id, type, data) VALUES ($1, gen_random_uuid(), 'customer.created', '{}')`,
        [acme.uuid],
      );
    await beside(async (early) => {
      await early.query('BEGIN');
      await insert(early);
      await beside(insert);
      const gaps = await repository.position();
      expect((await repository.read(gaps, 10)).events).toEqual([]);
      await early.query('COMMIT');
      expect((await repository.read(gaps, 10)).events).toHaveLength(1);
      expect((await repository.read(gaps, 10)).events).toEqual([]);
    });
  });

  it('reads on at once where a batch was full', async () => {
    const acme = await given.client();
    const repository = reader.get<FeedRepository>('FeedRepository');
    await repository.listen(acme.uuid);
    const gaps = await repository.position();
    await sql(
      `INSERT INTO events (client_id, id, type, data)
       SELECT $1, gen_random_uuid(), 'customer.created', '{}' FROM generate_series(1, 25)`,
      acme.uuid,
    );
    const sizes = [];
    for (let more = true; more;) {
      const reading = await repository.read(gaps, 10);
      sizes.push(reading.events.length);
      more = reading.more;
    }
    expect(sizes).toEqual([10, 10, 5]);
  });

  it('gives up within seconds the numbers that nobody will fill', async () => {
    const acme = await given.client();
    const feed = feedOf(reader);
    await feed.listen(acme.uuid);
    const gaps = (await feed['position'])!;
    let most = 0;
    feed.onEvents(() => Promise.resolve(void (most = Math.max(most, gaps.missing.length))));
    await sql(`SELECT nextval('events_seq_seq') FROM generate_series(1, 50)`);
    await write(acme, 1);
    await until(() => most >= 50);
    await until(() => gaps.missing.length === 0);
    feed.leave(acme.uuid);
  });
});
