import pg from 'pg';
import { parseId } from '../../src/common/ids/type-id.js';
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
