import { filesIn, wordsIn } from '../media/media.sql.js';
import { few } from '../../platform/database/list.sql.js';
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
             WHERE opt_outs.client_id = $1 AND opt_outs.scope_id = ANY(opt_out_scopes($1, $2))
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
      ${filesIn('message')} AS files, author.user_id AS "userId", one.key_id AS "keyId",
      ${SMART_ENCODING}`;
const JOINS = `
      LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
      LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id`;

export const FIND: Statement = {
  name: 'texts.find',
  text: `SELECT ${TEXT_COLUMNS} FROM deliveries one ${JOINS} WHERE one.client_id = $1 AND one.id = $2`,
};

/** The month of a day. */
const monthOf = (day: string): string => `date_trunc('month', ${day}::timestamp)::date`;
const nextMonth = (month: string): string => `(${month} + interval '1 month')::date`;

/** What a list may be narrowed to. */
const NARROWED = { direction: 'direction', status: 'status', addressId: 'address_id' } as const;
export type Narrowing = keyof typeof NARROWED;
export const NARROWINGS = Object.keys(NARROWED) as Narrowing[];

const nameOf = (by: readonly Narrowing[]): string => ['texts.list', ...by.map((one) => NARROWED[one])].join('_by_');

/**
 * A page of messages, newest first: `$2` of them after the first `$3`, made from `$4` on and before `$5` (each null: any), of
 * what it is narrowed `by`: `$6` and on. Months are walked down by their counts to the one in which the page begins, and then
 * its days; so it costs a day at most, however deep. Of a month that a bound cuts the days are taken one by one, and the days
 * that it cuts are counted in the index. Every row says how many there are in all; a page without rows is one row without an id.
 * What is skipped is read in the index alone, where that has what it is narrowed by.
 */
function listOf(by: readonly Narrowing[]): Statement {
  const those = (table: string): string =>
    [`${table}.client_id = $1`, ...by.map((one, at) => `${table}.${NARROWED[one]} = $${6 + at}`)].join(' AND ');
  return {
    name: nameOf(by),
    text: `
    WITH bound AS MATERIALIZED (
      SELECT cut.*, coalesce(${nextMonth(monthOf('cut.first'))}, '-infinity') AS whole_from,
             coalesce(${monthOf('cut.last')}, 'infinity') AS whole_to
      FROM (SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
                   ($4::timestamptz AT TIME ZONE 'UTC')::date AS first, ($5::timestamptz AT TIME ZONE 'UTC')::date AS last) cut
    ), spans AS MATERIALIZED (
      SELECT part.starts, part.ends, sum(part.n)::bigint AS n
      FROM (
        SELECT months.month AS starts, ${nextMonth('months.month')} AS ends, months.n
        FROM bound JOIN delivery_months months ON months.month >= bound.whole_from AND months.month < bound.whole_to
        WHERE ${those('months')}
        UNION ALL
        SELECT ${monthOf('loose.day')}, ${nextMonth(monthOf('loose.day'))}, loose.n
        FROM bound JOIN delivery_counts loose ON loose.day >= bound.whole_from AND loose.day < bound.whole_to
        WHERE loose.shard >= 0 AND ${those('loose')}
        UNION ALL
        SELECT days.day, days.day + 1, days.n
        FROM bound
        CROSS JOIN LATERAL (
          SELECT bound.first + 1, least(bound.whole_from, bound.last) WHERE bound.first IS NOT NULL
          UNION SELECT greatest(bound.whole_to, bound.first + 1), bound.last WHERE bound.last IS NOT NULL
        ) AS rest (starts, ends)
        JOIN delivery_counts days ON days.day >= rest.starts AND days.day < rest.ends
        WHERE ${those('days')}
      ) part
      GROUP BY part.starts, part.ends
      UNION ALL
      SELECT cut.day, cut.day + 1, (
               SELECT count(*) FROM deliveries
               WHERE ${those('deliveries')} AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
                 AND deliveries.created_at < least(bound.until, (cut.day + 1)::timestamp AT TIME ZONE 'UTC'))
      FROM bound CROSS JOIN LATERAL (SELECT bound.first UNION SELECT bound.last) AS cut (day)
      WHERE cut.day IS NOT NULL
    ), begun AS MATERIALIZED (
      SELECT starts, ends, $3::bigint - (below - n) AS skipped
      FROM (SELECT *, sum(n) OVER (ORDER BY starts DESC) AS below FROM spans) summed
      WHERE below > $3::bigint ORDER BY starts DESC LIMIT 1
    ), place AS MATERIALIZED (
      SELECT coalesce(walked.ends, begun.ends) AS ends, coalesce(walked.skipped, begun.skipped) AS skipped
      FROM begun
      LEFT JOIN LATERAL (
        SELECT summed.day + 1 AS ends, begun.skipped - (summed.below - summed.n) AS skipped
        FROM (
          SELECT days.day, sum(days.n) AS n, sum(sum(days.n)) OVER (ORDER BY days.day DESC) AS below
          FROM delivery_counts days
          WHERE ${those('days')} AND days.day >= begun.starts AND days.day < begun.ends
          GROUP BY days.day
        ) summed
        WHERE summed.below > begun.skipped ORDER BY summed.day DESC LIMIT 1
      ) walked ON begun.skipped > 0 AND begun.ends > begun.starts + 1
    )
    SELECT (SELECT coalesce(sum(n), 0) FROM spans)::float8 AS total, page.*
    FROM (VALUES (1)) AS list
    LEFT JOIN LATERAL (
      SELECT ${TEXT_COLUMNS}
      FROM place CROSS JOIN bound CROSS JOIN LATERAL (${few(`
        SELECT deliveries.id FROM deliveries
        WHERE ${those('deliveries')} AND deliveries.created_at >= bound.since
          AND deliveries.created_at < least(bound.until, place.ends::timestamp AT TIME ZONE 'UTC')
        ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET place.skipped`)}
      ) kept
      JOIN deliveries one ON one.client_id = $1 AND one.id = kept.id ${JOINS}
      ORDER BY one.created_at DESC, one.id DESC
    ) page ON true`,
  };
}

/** One for each choice: of one that may be absent PostgreSQL would not know the index, and plan anew each time. */
export const LISTS = NARROWINGS.reduce<Narrowing[][]>(
  (all, one) => [...all, ...all.map((by) => [...by, one])],
  [[]],
).map(listOf);

/** @param by in the order of NARROWINGS */
export const listNarrowed = (by: readonly Narrowing[]): Statement => LISTS.find(({ name }) => name === nameOf(by))!;

/** Who spoke as the address, in the transaction of the message. */
export const SIGN: Statement = {
  name: 'texts.sign',
  text: `INSERT INTO message_authors (client_id, message_id, user_id) SELECT $1, $2, $3`,
};
