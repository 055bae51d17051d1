import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { Channel } from './given.js';

type Row = Record<string, unknown>;

/** What the API does not show, or can't do: read and changed beside it. */
export async function sql<R extends Row = Row>(text: string, ...values: unknown[]): Promise<R[]> {
  return beside(async (connection) => (await connection.query<R>(text, values)).rows);
}

/** A connection of a test's own, for as long as `story` takes. */
export async function beside<T>(story: (connection: pg.Client) => Promise<T>): Promise<T> {
  const connection = new pg.Client(process.env.TEST_DATABASE_URL);
  await connection.connect();
  try {
    return await story(connection);
  } finally {
    await connection.end();
  }
}

/**
 * From here on the tests of this file have a database of their own: for what everybody on a database feels, such as NOTIFY
 * and locks, and for workers, who take what is due there whoever made it.
 */
export async function ownDatabase(): Promise<void> {
  await ownCopyOf(process.env.TEST_TEMPLATE!);
}

/** As `ownDatabase`, without a schema: for what makes one. */
export async function emptyDatabase(): Promise<void> {
  await ownCopyOf('template1');
}

async function ownCopyOf(template: string): Promise<void> {
  const name = `own_${randomUUID().replaceAll('-', '')}`;
  await sql(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(process.env.TEST_DATABASE_URL!);
  url.pathname = name;
  // Jest gives each file an environment of its own.
  process.env.TEST_DATABASE_URL = url.href;
}

/** Whether somebody waits for a lock. */
export async function somebodyWaits(): Promise<boolean> {
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return (await sql(waiting)).length > 0;
}

/** Makes what happened in a channel, its creation included, `seconds` older, so that no test has to wait for the clock. */
export async function age(channel: Channel, seconds: number): Promise<void> {
  const moment = `- make_interval(secs => $2)`;
  const id = parseId('channel', channel.id);
  await sql(
    `WITH aged_messages AS (
       UPDATE messages SET created_at = created_at ${moment} WHERE channel_id = $1 RETURNING 1
     ), aged_members AS (
       UPDATE channel_members SET last_message_at = last_message_at ${moment} WHERE channel_id = $1 RETURNING 1
     )
     UPDATE channels SET created_at = created_at ${moment}, last_message_at = last_message_at ${moment} WHERE id = $1`,
    id,
    seconds,
  );
  await sql(
    `UPDATE customers SET latest_message_at = (SELECT max(created_at) FROM messages WHERE sender_id = customers.id)
     WHERE id IN (SELECT customer_id FROM channel_members WHERE channel_id = $1)`,
    id,
  );
}
