import type { Statement } from '../../platform/database/statement.js';

/** What may change what the pages of a workspace show, beside `conversation.updated` of a channel, which nobody else is shown. */
const SHOWN = `'message.created', 'message.deleted', 'message.read', 'delivery.updated', 'opt_out.created', 'opt_out.ended'`;

const COLUMNS = `event.seq, event.client_id AS "clientId", event.id, event.type, event.channel_id AS "channelId",
      event.customer_id AS "customerId", event.created_at AS "createdAt", event.data`;

/**
 * At most `limit` events after number `after`, in order: of those up to `last`, which the page had, only what is as young as
 * `since`. In two parts, each in the order of the index.
 */
const missed = (columns: string, after: string, last: string, since: string, limit: string): string => {
  const part = (which: string): string => `(
      SELECT ${columns} FROM events event
      WHERE event.client_id = $1 AND ${which} AND event.seq > ${after} AND (event.seq > ${last} OR event.created_at >= ${since})
      ORDER BY event.seq LIMIT ${limit})`;
  return `
    ${part(`event.is_public AND event.type IN (${SHOWN}) AND (
        event.channel_id IS NULL OR EXISTS (
          SELECT FROM conversations WHERE conversations.client_id = $1 AND conversations.channel_id = event.channel_id))`)}
    UNION ALL
    ${part(`NOT event.is_public AND event.type = 'conversation.updated' AND event.channel_id IS NOT NULL`)}`;
};

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
      SELECT count(*)::int AS count FROM (${missed('event.seq', 'last.after', 'last.seq', 'last.since', '$3')}) event
    ) missed`,
};

/** At most `$5` of these events, in order, after number `$2`: of those up to `$3`, which the page had, only what is as young as `$4`. */
export const READ_MISSED: Statement = {
  name: 'live.read_missed',
  text: `
    SELECT event.* FROM (${missed(COLUMNS, '$2', '$3', '$4', '$5')}) event
    ORDER BY event.seq LIMIT $5`,
};
