import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { StoredMessage } from '../../src/platform/outbox/event-types.js';
import type { Feed, FeedEvent } from '../../src/platform/outbox/feed.js';
import { given as givenOn, type TestClient } from '../support/given.js';
import { startServer, type TestServer } from '../support/server.js';
import { ownDatabase, somebodyWaits, sql } from '../support/sql.js';
import { until } from '../support/until.js';

const WRITERS = 12;
const EACH = 150;

/** Two servers that don't hear each other: what one writes, the other finds by itself. */
let writer: TestServer;
let reader: TestServer;
let feed: Feed;
const heard: FeedEvent[] = [];
beforeAll(async () => {
  await ownDatabase();
  [writer, reader] = [await startServer({ DATABASE_POOL: '16' }), await startServer()];
  feed = reader.get<Feed>('Feed');
  feed.onEvents((events) => Promise.resolve(void heard.push(...events)));
});
afterAll(async () => {
  await reader.stop();
  await writer.stop();
});
const given = givenOn(() => writer);

const heardOf = ({ uuid }: TestClient): FeedEvent[] => heard.filter(({ clientId }) => clientId === uuid);
const contents = (events: readonly FeedEvent[]): string[] => events.map(({ data }) => (data as StoredMessage).content);

/** A connection that the test keeps. */
async function connect(): Promise<pg.Client> {
  const connection = new pg.Client(process.env.TEST_DATABASE_URL);
  await connection.connect();
  return connection;
}

/** An event of a client's, written by hand in whatever transaction is open. */
const raiseBy = (connection: pg.Client, { uuid }: TestClient, content: string) =>
  connection.query(
    `INSERT INTO events (client_id, id, type, data) VALUES ($1, gen_random_uuid(), 'message.created', $2)`,
    [uuid, { content }],
  );

/** Reads on from the last number seen, as one would; answers what it saw when it is told to stop. */
function naiveReader({ uuid }: TestClient): () => Promise<Set<string>> {
  const seen = new Set<string>();
  let stopped = false;
  const reading = (async () => {
    const connection = await connect();
    for (let last = '0'; ;) {
      const final = stopped;
      const { rows } = await connection.query<{ seq: string; id: string }>(
        'SELECT seq, id FROM events WHERE client_id = $1 AND seq > $2 ORDER BY seq',
        [uuid, last],
      );
      rows.forEach(({ id }) => seen.add(id));
      last = rows.at(-1)?.seq ?? last;
      if (final) {
        await connection.end();
        return seen;
      }
    }
  })();
  return () => {
    stopped = true;
    return reading;
  };
}

describe('The feed', () => {
  it('reads each event once and each channel in order while twelve write, and others roll back or take long', async () => {
    const acme = await given.client();
    const pairs = await Promise.all(Array.from({ length: WRITERS / 2 }, () => given.pair(acme)));
    await feed.listen(acme.uuid);
    const stopNaive = naiveReader(acme);

    let writing = true;
    const burners = Array.from({ length: 2 }, async () => {
      const connection = await connect();
      for (let at = 0; writing; at += 1) {
        await connection.query('BEGIN');
        await raiseBy(connection, acme, 'never');
        await connection.query(`SELECT pg_sleep($1)`, [at % 10 === 0 ? 0.3 : 0.002]);
        await connection.query('ROLLBACK');
      }
      await connection.end();
    });
    const unrelated = await connect();
    await unrelated.query('BEGIN');
    await unrelated.query('CREATE TEMP TABLE long_one AS SELECT 1');
    const late = await connect();
    await late.query('BEGIN');
    await raiseBy(late, acme, 'late');

    const sent = await Promise.all(
      Array.from({ length: WRITERS }, async (_, at) => {
        const { john, jane, channel } = pairs[at % pairs.length]!;
        const contents: string[] = [];
        for (let number = 0; number < EACH; number += 1) {
          contents.push((await given.message(acme, channel, at % 2 ? john : jane, `${at}-${number}`)).content);
        }
        return contents;
      }),
    );
    await until(() => heardOf(acme).length === WRITERS * EACH);
    await late.query('COMMIT');
    writing = false;
    await Promise.all(burners);
    await until(() => heardOf(acme).length > WRITERS * EACH);

    const events = heardOf(acme);
    expect(contents(events).sort()).toEqual([...sent.flat(), 'late'].sort());
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const { channel } of pairs) {
      const id = parseId('channel', channel.id);
      const positions = events
        .filter(({ channelId }) => channelId === id)
        .map(({ data }) => (data as StoredMessage).position);
      expect(positions).toEqual(Array.from({ length: 2 * EACH }, (_, at) => at + 1));
    }
    // The same stream, read as one would at first: this is what the feed is there for.
    expect((await stopNaive()).size).toBeLessThan(events.length);
    await unrelated.query('ROLLBACK');
    await Promise.all([unrelated.end(), late.end()]);
    feed.leave(acme.uuid);
  });

  it('hears nothing of a client that it does not listen to', async () => {
    const [acme, globex] = [await given.client(), await given.client()];
    await feed.listen(acme.uuid);
    const connection = await connect();
    await raiseBy(connection, globex, 'not for us');
    await raiseBy(connection, acme, 'for us');
    await until(() => heardOf(acme).length === 1);
    expect(heardOf(globex)).toEqual([]);
    await connection.end();
    feed.leave(acme.uuid);
  });

  it('gives the next batch only when the one before is done with', async () => {
    const acme = await given.client();
    await feed.listen(acme.uuid);
    const order: string[] = [];
    let release = (): void => undefined;
    feed.onEvents(async (events) => {
      if (events[0]!.clientId === acme.uuid) {
        order.push(`begin ${contents(events).join()}`);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        order.push(`end ${contents(events).join()}`);
      }
    });
    const connection = await connect();
    await raiseBy(connection, acme, 'one');
    await until(() => order.length === 1);
    await raiseBy(connection, acme, 'two');
    feed['look']();
    release();
    await until(() => order.length === 3);
    release();
    await until(() => order.length === 4);
    expect(order).toEqual(['begin one', 'end one', 'begin two', 'end two']);
    await connection.end();
    feed.leave(acme.uuid);
  });

  it('goes on after a listener has failed', async () => {
    const acme = await given.client();
    await feed.listen(acme.uuid);
    let failed = 0;
    feed.onEvents((events) => {
      failed += events.some(({ clientId }) => clientId === acme.uuid) ? 1 : 0;
      return failed === 1 ? Promise.reject(new Error('a listener that fails')) : Promise.resolve();
    });
    const connection = await connect();
    await raiseBy(connection, acme, 'one');
    await until(() => heardOf(acme).length === 1);
    await raiseBy(connection, acme, 'two');
    await until(() => heardOf(acme).length === 2);
    await connection.end();
    feed.leave(acme.uuid);
  });
});

describe('To listen', () => {
  it('waits for who began to write before anybody listened', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const blocker = await connect();
    await blocker.query('BEGIN');
    await blocker.query('SELECT FROM channel_members WHERE client_id = $1 FOR UPDATE', [acme.uuid]);
    const sending = given.message(acme, channel, john, 'between the chairs');
    await until(somebodyWaits);

    let ready = false;
    const listening = feed.listen(acme.uuid).then(() => {
      ready = true;
    });
    await until(async () => (await sql('SELECT FROM listeners WHERE client_id = $1', acme.uuid)).length === 1);
    expect(ready).toBe(false);
    await blocker.query('COMMIT');
    await sending;
    await listening;
    // It began before the listener was there to see: no event, but a message that is there to be asked for.
    const answer = await acme.send('GET', `/api/v1/messages/channel/${channel.id}`);
    expect(answer.body.data).toHaveLength(1);
    await given.message(acme, channel, john, 'heard');
    await until(() => heardOf(acme).length > 0);
    expect(contents(heardOf(acme))).toEqual(['heard']);
    await blocker.end();
    feed.leave(acme.uuid);
  });

  it('does not wait for those who only read, nor for who writes elsewhere', async () => {
    const acme = await given.client();
    const other = await connect();
    await other.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await other.query('SELECT FROM events LIMIT 1');
    await other.query('CREATE TEMP TABLE elsewhere AS SELECT 1');
    const begun = performance.now();
    await feed.listen(acme.uuid);
    expect(performance.now() - begun).toBeLessThan(9_000);
    await other.query('ROLLBACK');
    await other.end();
    feed.leave(acme.uuid);
  });

  it('is counted: the row goes some time after the last has left', async () => {
    const acme = await given.client();
    const rows = () => sql('SELECT FROM listeners WHERE client_id = $1', acme.uuid);
    await Promise.all([feed.listen(acme.uuid), feed.listen(acme.uuid)]);
    expect(await rows()).toHaveLength(1);
    feed.leave(acme.uuid);
    feed.leave(acme.uuid);
    await feed.listen(acme.uuid);
    feed.leave(acme.uuid);
    expect(await rows()).toHaveLength(1);
    await until(async () => (await rows()).length === 0);
    await feed.listen(acme.uuid);
    expect(await rows()).toHaveLength(1);
    feed.leave(acme.uuid);
  });
});
