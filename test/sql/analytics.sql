-- analytics.ai
SELECT model, sum(calls)::float8 AS calls, sum(failed)::float8 AS failed,
       coalesce(sum(calls - failed) FILTER (WHERE kind = 'reply'), 0)::float8 AS replies, sum(used)::float8 AS used,
       coalesce(sum(calls - failed) FILTER (WHERE kind = 'sentiment'), 0)::float8 AS sentiments,
       sum(tokens_in)::float8 AS "tokensIn", sum(tokens_out)::float8 AS "tokensOut", sum(cost)::float8 AS cost,
       sum(milliseconds)::float8 AS milliseconds
FROM ai_usage WHERE client_id = $1 AND day BETWEEN $2 AND $3
GROUP BY model ORDER BY calls DESC, model;

-- analytics.daily
WITH counted AS MATERIALIZED (
  SELECT day, sum(n)::float8 AS value FROM daily_stats
  WHERE client_id = $1 AND metric = $2 AND day BETWEEN $3 AND $4 GROUP BY day
)
SELECT one.day::date::text AS date, coalesce(counted.value, 0) AS value
FROM generate_series($3::date, $4::date, '1 day') one (day)
LEFT JOIN counted ON counted.day = one.day::date
ORDER BY one.day;

-- analytics.overview
WITH sums AS (
  SELECT metric, sum(n) AS n, sum(total) AS total FROM daily_stats
  WHERE client_id = $1 AND metric IN ('conversations', 'closed', 'first_responses', 'contacts', 'ratings') AND day BETWEEN $2 AND $3
  GROUP BY metric
), mails AS (
  SELECT coalesce(sum(sent), 0) AS sent, coalesce(sum(opened), 0) AS opened, coalesce(sum(clicked), 0) AS clicked,
         nullif(sum(sent) - sum(bounced), 0) AS arrived
  FROM campaign_days WHERE client_id = $1 AND day BETWEEN $2 AND $3
)
SELECT coalesce(max(n) FILTER (WHERE metric = 'conversations'), 0)::float8 AS "begun", coalesce(max(n) FILTER (WHERE metric = 'closed'), 0)::float8 AS "closed",
       round((max(total) FILTER (WHERE metric = 'closed') / nullif(max(n) FILTER (WHERE metric = 'closed'), 0) / 3600000.0), 2)::float8 AS "resolutionHours",
       round((max(total) FILTER (WHERE metric = 'first_responses') / nullif(max(n) FILTER (WHERE metric = 'first_responses'), 0) / 60000.0), 2)::float8 AS "firstResponseMinutes",
       round((max(total) FILTER (WHERE metric = 'ratings') / nullif(max(n) FILTER (WHERE metric = 'ratings'), 0) / 1.0), 2)::float8 AS "satisfaction",
       coalesce(max(n) FILTER (WHERE metric = 'contacts'), 0)::float8 AS "newContacts",
       (SELECT sent::float8 FROM mails) AS "mails",
       (SELECT round(100.0 * opened / arrived, 2)::float8 FROM mails) AS "openRate",
       (SELECT round(100.0 * clicked / arrived, 2)::float8 FROM mails) AS "clickRate",
       (SELECT coalesce(sum(value), 0)::float8 FROM counters
        WHERE client_id = $1 AND name = 'conversations.open') AS "open",
       (SELECT coalesce(sum(value), 0)::float8 FROM counters
        WHERE client_id = $1 AND name IN ('contacts.active', 'contacts.inactive', 'contacts.unsubscribed')) AS "contacts"
FROM sums;

-- analytics.team
WITH sums AS MATERIALIZED (
  SELECT user_id, metric, sum(n) AS n, sum(total) AS total FROM daily_stats
  WHERE client_id = $1 AND metric IN ('closed', 'replies', 'responses', 'ratings') AND day BETWEEN $2 AND $3
  GROUP BY user_id, metric
)
SELECT account.number::float8 AS number, account.name, coalesce(max(n) FILTER (WHERE metric = 'closed'), 0)::float8 AS "handled", coalesce(max(n) FILTER (WHERE metric = 'replies'), 0)::float8 AS "replies",
       round((max(total) FILTER (WHERE metric = 'responses') / nullif(max(n) FILTER (WHERE metric = 'responses'), 0) / 60000.0), 2)::float8 AS "responseMinutes", round((max(total) FILTER (WHERE metric = 'ratings') / nullif(max(n) FILTER (WHERE metric = 'ratings'), 0) / 1.0), 2)::float8 AS "satisfaction"
FROM (
  SELECT member.user_id FROM memberships member WHERE member.client_id = $1 AND member.role <> 'viewer'
  UNION SELECT user_id FROM sums
) one
JOIN users account ON account.id = one.user_id
LEFT JOIN sums ON sums.user_id = one.user_id
GROUP BY account.id
ORDER BY "handled" DESC, "replies" DESC, account.number;
