import { filesIn, wordsIn } from '../media/media.sql.js';
import type { Statement } from '../../platform/database/statement.js';
import { SMART_ENCODING } from '../deliveries/smart-encoding.js';

/**
 * What there is between address `$2` and number `$3`: the person and their channel, null where there are none, and whether the
 * number is opted out.
 */
export const FIND_THREAD: Statement = {
  name: 'texts.find_thread',
  text: `
    SELECT person.id AS "personId", channel.id AS "channelId", EXISTS (
             SELECT FROM opt_outs
             WHERE opt_outs.client_id = $1 AND opt_outs.scope_id IN ($2, $1)
               AND opt_outs.number_sha256 = opt_out_hash($1, $3) AND opt_outs.ended_at IS NULL
           ) AS "isOptedOut"
    FROM (VALUES (1)) AS one
    LEFT JOIN customers person ON person.client_id = $1 AND person.phone = $3
    LEFT JOIN LATERAL (
      SELECT channels.id FROM conversations thread
      JOIN channels ON channels.client_id = $1 AND channels.id = thread.channel_id AND channels.type = 'general'
      WHERE thread.client_id = $1 AND thread.person_id = person.id AND thread.address_id = $2
      LIMIT 1
    ) channel ON true`,
};

/** Of delivery `one` with its message and its author, where they are there. */
export const TEXT_COLUMNS = `one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
      one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
      one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
      one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
      one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
      CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
      CASE WHEN message.deleted_at IS NULL THEN ${wordsIn('message')} END AS body,
      ${filesIn('message')} AS files, author.user_id AS "userId",
      ${SMART_ENCODING}`;
const JOINS = `
      LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
      LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id`;

export const FIND: Statement = {
  name: 'texts.find',
  text: `SELECT ${TEXT_COLUMNS} FROM deliveries one ${JOINS} WHERE one.client_id = $1 AND one.id = $2`,
};

/**
 * A page of messages, newest first: `$2` of them after the first `$3`, made from `$4` on and before `$5`, of direction `$6`
 * (each null: any). Days are walked down by their counts to the one in which the page begins; so it costs a day at most,
 * however deep. The days that a bound cuts are counted in the index. Every row says how many there are in all; a page without
 * rows is one row without an id. A statement for each index that serves it: one plan for all would scan the client's rows.
 */
function listOf(name: string, narrowed: (table: string) => string): Statement {
  const those = (table: string): string =>
    `${table}.client_id = $1 AND ($6::text IS NULL OR ${table}.direction = $6)${narrowed(table)}`;
  return {
    name: `texts.list${name}`,
    text: `
    WITH bound AS MATERIALIZED (
      SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
             coalesce(($4::timestamptz AT TIME ZONE 'UTC')::date, '-infinity') AS first,
             coalesce(($5::timestamptz AT TIME ZONE 'UTC')::date, 'infinity') AS last
    ), days AS MATERIALIZED (
      SELECT counts.day, sum(counts.n)::bigint AS n
      FROM bound JOIN delivery_counts counts ON counts.day > bound.first AND counts.day < bound.last
      WHERE ${those('counts')}
      GROUP BY counts.day
      UNION ALL
      SELECT cut.day, (
               SELECT count(*) FROM deliveries
               WHERE ${those('deliveries')} AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
                 AND deliveries.created_at < least(bound.until, (cut.day + 1)::timestamp AT TIME ZONE 'UTC'))
      FROM bound CROSS JOIN LATERAL (SELECT bound.first UNION SELECT bound.last) AS cut (day)
      WHERE isfinite(cut.day)
    ), summed AS (
      SELECT day, n, sum(n) OVER (ORDER BY day DESC) AS below FROM days
    ), begun AS (
      SELECT day, $3::bigint - (below - n) AS skipped FROM summed WHERE below > $3::bigint ORDER BY day DESC LIMIT 1
    )
    SELECT (SELECT coalesce(sum(n), 0) FROM days)::float8 AS total, page.*
    FROM (VALUES (1)) AS list
    LEFT JOIN LATERAL (
      SELECT ${TEXT_COLUMNS}
      FROM begun CROSS JOIN bound CROSS JOIN LATERAL (
        SELECT * FROM deliveries
        WHERE ${those('deliveries')} AND deliveries.created_at >= bound.since
          AND deliveries.created_at < least(bound.until, (begun.day + 1)::timestamp AT TIME ZONE 'UTC')
        ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET begun.skipped LIMIT $2
      ) one ${JOINS}
      ORDER BY one.created_at DESC, one.id DESC
    ) page ON true`,
  };
}

export const LIST = listOf('', () => '');
/** Of status `$7`. */
export const LIST_BY_STATUS = listOf('_by_status', (table) => ` AND ${table}.status = $7`);
/** Of address `$7`, and status `$8` where it is given. */
export const LIST_BY_ADDRESS = listOf(
  '_by_address',
  (table) => ` AND ${table}.address_id = $7 AND ($8::text IS NULL OR ${table}.status = $8)`,
);

/** Who spoke as the address, in the transaction of the message. */
export const SIGN: Statement = {
  name: 'texts.sign',
  text: `INSERT INTO message_authors (client_id, message_id, user_id) SELECT $1, $2, $3`,
};
