import { purge } from '../database/purge.js';
import type { Statement } from '../database/statement.js';

/**
 * Of no client: the feed reads for all that this process serves. It begins at the last number drawn (before the first, a
 * sequence already shows 1); missing numbers among the last thousand may be transactions that have not committed yet.
 */
export const POSITION: Statement = {
  name: 'feed.position',
  text: `
    SELECT drawn.last, ARRAY(
      SELECT number FROM generate_series(greatest(drawn.last - 999, 1), drawn.last) number
      WHERE NOT EXISTS (SELECT FROM events WHERE seq = number)) AS missing
    FROM (SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM events_seq_seq) drawn`,
};

/**
 * Of no client. All of the numbers `$2`, and the next `$3` after `$1`; `data` is null where replica `$4` does not
 * listen to the client. In two parts, because PostgreSQL would read one with an OR from the table's beginning.
 */
export const READ: Statement = {
  name: 'feed.read',
  text: `
    SELECT event.seq, event.client_id AS "clientId", event.id, event.type, event.channel_id AS "channelId",
           event.customer_id AS "customerId", event.created_at AS "createdAt",
           CASE WHEN EXISTS (
             SELECT FROM listeners WHERE client_id = event.client_id AND id = $4) THEN event.data END AS data
    FROM (
      SELECT * FROM events WHERE seq = ANY($2::bigint[])
      UNION ALL
      (SELECT * FROM events WHERE seq > $1 ORDER BY seq LIMIT $3)
    ) event
    ORDER BY event.seq`,
};

/**
 * Of no client: the transactions that may write events, by names that are never used again: those that hold a write lock on
 * `events`, or hold any write lock and have read `listeners`, which every statement that raises events does. Readers, such as
 * pg_dump, are not among them. PostgreSQL takes these locks before the statement gets its snapshot and draws a number, and
 * releases them after the commit is visible.
 */
export const WRITERS: Statement = {
  name: 'feed.writers',
  text: `
    SELECT virtualtransaction AS name FROM pg_locks
    WHERE locktype = 'relation' AND granted AND mode IN ('AccessShareLock', 'RowExclusiveLock')
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    GROUP BY virtualtransaction
    HAVING bool_or(mode = 'RowExclusiveLock') AND bool_or(
      (relation, mode) IN (('listeners'::regclass, 'AccessShareLock'), ('events'::regclass, 'RowExclusiveLock')))`,
};

export const LISTEN: Statement = {
  name: 'feed.listen',
  text: `INSERT INTO listeners (client_id, id, replica_id) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING`,
};

export const LEAVE: Statement = {
  name: 'feed.leave',
  text: `DELETE FROM listeners WHERE client_id = $1 AND id = $2`,
};

/**
 * For a week and a day more the events of client `$1` are written, whoever listens: its pages may ask for what they missed.
 * Pages come and go all the time; one an hour is written down.
 */
export const KEEP: Statement = {
  name: 'feed.keep',
  text: `
    INSERT INTO listeners (client_id, id, until) VALUES ($1, $1, now() + interval '8 days')
    ON CONFLICT (client_id, id) DO UPDATE SET until = excluded.until
      WHERE listeners.until < excluded.until - interval '1 hour'`,
};

export const PURGE_LISTENERS = purge('listeners', `SELECT ctid FROM listeners WHERE until < now() LIMIT $1`);
