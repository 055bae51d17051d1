import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Reply, TestClient } from './given.js';
import { startServer, type TestServer } from './server.js';
import { sql } from './sql.js';
import { until } from './until.js';

/** A server of whose deadlocks PostgreSQL tells: what is tried again tells nobody of one. */
export async function startRacedServer(): Promise<TestServer> {
  // The name that its connections go by, to see when the last of them is gone, and with it has said all it has to say.
  const name = `races-${randomUUID()}`;
  const url = new URL(process.env.TEST_DATABASE_URL!);
  url.searchParams.set('application_name', name);
  const before = await deadlocks();
  const server = await startServer({ DATABASE_URL: url.href });
  const stop = async () => {
    await server.stop();
    // They are closed, and PostgreSQL is about to notice.
    await until(async () => (await sql('SELECT FROM pg_stat_activity WHERE application_name = $1', name)).length === 0);
    expect(await deadlocks()).toBe(before);
  };
  return { ...server, stop };
}

async function deadlocks(): Promise<number> {
  const [row] = await sql<{ deadlocks: number }>(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
  );
  return row!.deadlocks;
}

/** From now on somebody listens to this client, so that every change raises its event as well. */
export async function listen({ uuid }: TestClient): Promise<void> {
  const replica = randomUUID();
  await sql(`INSERT INTO replicas (id, seen_at) VALUES ($1, now() + interval '1 day')`, replica);
  await sql('INSERT INTO listeners (client_id, id, replica_id) VALUES ($1, $2, $2)', uuid, replica);
}

export const atOnce = <T>(count: number, one: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => one(at)));

/** As many as the pool has connections for and as many again wait, so that none gives up waiting on a slow machine. */
const WORKERS = 20;

/** `count` times, of which twenty are under way at any time. */
export async function together<T>(count: number, one: (at: number) => Promise<T>): Promise<T[]> {
  const ends: T[] = [];
  let next = 0;
  await atOnce(WORKERS, async () => {
    while (next < count) {
      const at = next;
      next += 1;
      ends[at] = await one(at);
    }
  });
  return ends;
}

export const pick = <T>(from: readonly T[], at: number): T => from[Math.floor(at) % from.length]!;

export function expectNoFaults(
  replies: ReadonlyArray<Pick<Reply, 'status' | 'text'>>,
  ...expected: readonly number[]
): void {
  const others = replies.filter(({ status }) => !expected.includes(status));
  expect(others.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
  // A race in which nobody gets through proves nothing.
  expect(replies.filter(({ status }) => status < 300).length).toBeGreaterThan(replies.length / 4);
}
