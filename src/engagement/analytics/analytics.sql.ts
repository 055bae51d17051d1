import type { Statement } from '../../platform/database/statement.js';

/** Of a row of `sums`; null where it is nothing of anything. Two decimals. */
const average = (metric: string, unit: string): string =>
  `round((max(total) FILTER (WHERE metric = '${metric}') / nullif(max(n) FILTER (WHERE metric = '${metric}'), 0) / ${unit}), 2)::float8`;
const count = (metric: string): string => `coalesce(max(n) FILTER (WHERE metric = '${metric}'), 0)::float8`;
const HOUR_MS = '3600000.0';
const MINUTE_MS = '60000.0';
const POINT = '1.0';

/** Of days `$2` to `$3`, and what there is now. */
export const OVERVIEW: Statement = {
  name: 'analytics.overview',
  text: `
    WITH sums AS (
      SELECT metric, sum(n) AS n, sum(total) AS total FROM daily_stats
      WHERE client_id = $1 AND metric IN ('conversations', 'closed', 'first_responses', 'contacts', 'ratings') AND day BETWEEN $2 AND $3
      GROUP BY metric
    ), mails AS (
      SELECT coalesce(sum(sent), 0) AS sent, coalesce(sum(opened), 0) AS opened, coalesce(sum(clicked), 0) AS clicked,
             nullif(sum(sent) - sum(bounced), 0) AS arrived
      FROM campaign_days WHERE client_id = $1 AND day BETWEEN $2 AND $3
    )
    SELECT ${count('conversations')} AS "begun", ${count('closed')} AS "closed",
           ${average('closed', HOUR_MS)} AS "resolutionHours",
           ${average('first_responses', MINUTE_MS)} AS "firstResponseMinutes",
           ${average('ratings', POINT)} AS "satisfaction",
           ${count('contacts')} AS "newContacts",
           (SELECT sent::float8 FROM mails) AS "mails",
           (SELECT round(100.0 * opened / arrived, 2)::float8 FROM mails) AS "openRate",
           (SELECT round(100.0 * clicked / arrived, 2)::float8 FROM mails) AS "clickRate",
           (SELECT coalesce(sum(value), 0)::float8 FROM counters
            WHERE client_id = $1 AND name = 'conversations.open') AS "open",
           (SELECT coalesce(sum(value), 0)::float8 FROM counters
            WHERE client_id = $1 AND name IN ('contacts.active', 'contacts.inactive', 'contacts.unsubscribed')) AS "contacts"
    FROM sums`,
};

/** What each user did from day `$2` to `$3`: whoever may answer now, and whoever did something then. */
export const TEAM: Statement = {
  name: 'analytics.team',
  text: `
    WITH sums AS MATERIALIZED (
      SELECT user_id, metric, sum(n) AS n, sum(total) AS total FROM daily_stats
      WHERE client_id = $1 AND metric IN ('closed', 'replies', 'responses', 'ratings') AND day BETWEEN $2 AND $3
      GROUP BY user_id, metric
    )
    SELECT account.number::float8 AS number, account.name, ${count('closed')} AS "handled", ${count('replies')} AS "replies",
           ${average('responses', MINUTE_MS)} AS "responseMinutes", ${average('ratings', POINT)} AS "satisfaction"
    FROM (
      SELECT member.user_id FROM memberships member WHERE member.client_id = $1 AND member.role <> 'viewer'
      UNION SELECT user_id FROM sums
    ) one
    JOIN users account ON account.id = one.user_id
    LEFT JOIN sums ON sums.user_id = one.user_id
    GROUP BY account.id
    ORDER BY "handled" DESC, "replies" DESC, account.number`,
};

/** How many of metric `$2` each day from `$3` to `$4`. */
export const DAILY: Statement = {
  name: 'analytics.daily',
  text: `
    WITH counted AS MATERIALIZED (
      SELECT day, sum(n)::float8 AS value FROM daily_stats
      WHERE client_id = $1 AND metric = $2 AND day BETWEEN $3 AND $4 GROUP BY day
    )
    SELECT one.day::date::text AS date, coalesce(counted.value, 0) AS value
    FROM generate_series($3::date, $4::date, '1 day') one (day)
    LEFT JOIN counted ON counted.day = one.day::date
    ORDER BY one.day`,
};

/** What models did from day `$2` to `$3`, a row for each: what came to nothing costs, and is no reply. Most calls first. */
export const AI: Statement = {
  name: 'analytics.ai',
  text: `
    SELECT model, sum(calls)::float8 AS calls, sum(failed)::float8 AS failed,
           coalesce(sum(calls - failed) FILTER (WHERE kind = 'reply'), 0)::float8 AS replies, sum(used)::float8 AS used,
           coalesce(sum(calls - failed) FILTER (WHERE kind = 'sentiment'), 0)::float8 AS sentiments,
           sum(tokens_in)::float8 AS "tokensIn", sum(tokens_out)::float8 AS "tokensOut", sum(cost)::float8 AS cost,
           sum(milliseconds)::float8 AS milliseconds
    FROM ai_usage WHERE client_id = $1 AND day BETWEEN $2 AND $3
    GROUP BY model ORDER BY calls DESC, model`,
};
