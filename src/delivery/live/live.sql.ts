import type { Statement } from '../../platform/database/statement.js';

/** What may change what the pages of a workspace show. */
export const SHOWN_TYPES = [
  ...(['message.created', 'message.deleted', 'delivery.updated'] as const),
  ...(['opt_out.created', 'opt_out.ended'] as const),
] as const;

const COLUMNS = `event.seq, event.client_id AS "clientId", event.id, event.type, event.channel_id AS "channelId",
      event.customer_id AS "customerId", event.created_at AS "createdAt", event.data`;
const IS_SHOWN = `event.type IN (${SHOWN_TYPES.map((type) => `'${type}'`).join(', ')}) AND (
        event.channel_id IS NULL OR EXISTS (
          SELECT FROM conversations WHERE conversations.client_id = $1 AND conversations.channel_id = event.channel_id))`;

/**
 * From where on to read for a page whose last event was `$2`: from ten seconds before it, as numbers commit out of order. Those
 * are found among the events of the minute before, so that no index on the time is needed. `missed` is how many there are,
 * counted up to `$3`. No row: there is no such event, it is too old, or not all that came after it was written.
 */
export const FIND_START: Statement = {
  name: 'live.find_start',
  text: `
    WITH last AS (
      SELECT event.seq, event.created_at - interval '10 seconds' AS since, coalesce((
               SELECT older.seq FROM events older
               WHERE older.client_id = $1 AND older.is_public AND older.seq < event.seq
                 AND older.created_at < event.created_at - interval '1 minute'
               ORDER BY older.seq DESC LIMIT 1
             ), 0) AS after
      FROM events event
      WHERE event.client_id = $1 AND event.id = $2 AND event.created_at > now() - interval '7 days' AND EXISTS (
        SELECT FROM listeners WHERE listeners.client_id = $1 AND listeners.id = $1 AND listeners.since <= event.created_at)
    )
    SELECT last.seq, last.since, last.after, missed.count AS missed
    FROM last CROSS JOIN LATERAL (
      SELECT count(*)::int AS count FROM (
        SELECT FROM events event
        WHERE event.client_id = $1 AND event.is_public AND event.seq > last.after
          AND (event.seq > last.seq OR event.created_at >= last.since) AND ${IS_SHOWN}
        LIMIT $3
      ) event
    ) missed`,
};

/** At most `$5` of these events, in order, after number `$2`: of those up to `$3`, which the page had, only what is as young as `$4`. */
export const READ_MISSED: Statement = {
  name: 'live.read_missed',
  text: `
    SELECT ${COLUMNS} FROM events event
    WHERE event.client_id = $1 AND event.is_public AND event.seq > $2
      AND (event.seq > $3 OR event.created_at >= $4) AND ${IS_SHOWN}
    ORDER BY event.seq LIMIT $5`,
};
