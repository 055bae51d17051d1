-- texts.find
SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding" FROM deliveries one
LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id WHERE one.client_id = $1 AND one.id = $2;

-- texts.find_thread
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
) channel ON true;

-- texts.list
WITH bound AS MATERIALIZED (
  SELECT cut.*, coalesce((date_trunc('month', cut.first::timestamp)::date + interval '1 month')::date, '-infinity') AS whole_from,
         coalesce(date_trunc('month', cut.last::timestamp)::date, 'infinity') AS whole_to
  FROM (SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
               ($4::timestamptz AT TIME ZONE 'UTC')::date AS first, ($5::timestamptz AT TIME ZONE 'UTC')::date AS last) cut
), spans AS MATERIALIZED (
  SELECT part.starts, part.ends, sum(part.n)::bigint AS n
  FROM (
    SELECT months.month AS starts, (months.month + interval '1 month')::date AS ends, months.n
    FROM bound JOIN delivery_months months ON months.month >= bound.whole_from AND months.month < bound.whole_to
    WHERE months.client_id = $1
    UNION ALL
    SELECT date_trunc('month', loose.day::timestamp)::date, (date_trunc('month', loose.day::timestamp)::date + interval '1 month')::date, loose.n
    FROM bound JOIN delivery_counts loose ON loose.day >= bound.whole_from AND loose.day < bound.whole_to
    WHERE loose.shard >= 0 AND loose.client_id = $1
    UNION ALL
    SELECT days.day, days.day + 1, days.n
    FROM bound
    CROSS JOIN LATERAL (
      SELECT bound.first + 1, least(bound.whole_from, bound.last) WHERE bound.first IS NOT NULL
      UNION SELECT greatest(bound.whole_to, bound.first + 1), bound.last WHERE bound.last IS NOT NULL
    ) AS rest (starts, ends)
    JOIN delivery_counts days ON days.day >= rest.starts AND days.day < rest.ends
    WHERE days.client_id = $1
  ) part
  GROUP BY part.starts, part.ends
  UNION ALL
  SELECT cut.day, cut.day + 1, (
           SELECT count(*) FROM deliveries
           WHERE deliveries.client_id = $1 AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
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
      WHERE days.client_id = $1 AND days.day >= begun.starts AND days.day < begun.ends
      GROUP BY days.day
    ) summed
    WHERE summed.below > begun.skipped ORDER BY summed.day DESC LIMIT 1
  ) walked ON begun.skipped > 0 AND begun.ends > begun.starts + 1
)
SELECT (SELECT coalesce(sum(n), 0) FROM spans)::float8 AS total, page.*
FROM (VALUES (1)) AS list
LEFT JOIN LATERAL (
  SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM place CROSS JOIN bound CROSS JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
    SELECT deliveries.id FROM deliveries
    WHERE deliveries.client_id = $1 AND deliveries.created_at >= bound.since
      AND deliveries.created_at < least(bound.until, place.ends::timestamp AT TIME ZONE 'UTC')
    ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET place.skipped LIMIT 101
  ) most LIMIT $2) few LIMIT $2
  ) kept
  JOIN deliveries one ON one.client_id = $1 AND one.id = kept.id
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id
  ORDER BY one.created_at DESC, one.id DESC
) page ON true;

-- texts.list_by_direction
WITH bound AS MATERIALIZED (
  SELECT cut.*, coalesce((date_trunc('month', cut.first::timestamp)::date + interval '1 month')::date, '-infinity') AS whole_from,
         coalesce(date_trunc('month', cut.last::timestamp)::date, 'infinity') AS whole_to
  FROM (SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
               ($4::timestamptz AT TIME ZONE 'UTC')::date AS first, ($5::timestamptz AT TIME ZONE 'UTC')::date AS last) cut
), spans AS MATERIALIZED (
  SELECT part.starts, part.ends, sum(part.n)::bigint AS n
  FROM (
    SELECT months.month AS starts, (months.month + interval '1 month')::date AS ends, months.n
    FROM bound JOIN delivery_months months ON months.month >= bound.whole_from AND months.month < bound.whole_to
    WHERE months.client_id = $1 AND months.direction = $6
    UNION ALL
    SELECT date_trunc('month', loose.day::timestamp)::date, (date_trunc('month', loose.day::timestamp)::date + interval '1 month')::date, loose.n
    FROM bound JOIN delivery_counts loose ON loose.day >= bound.whole_from AND loose.day < bound.whole_to
    WHERE loose.shard >= 0 AND loose.client_id = $1 AND loose.direction = $6
    UNION ALL
    SELECT days.day, days.day + 1, days.n
    FROM bound
    CROSS JOIN LATERAL (
      SELECT bound.first + 1, least(bound.whole_from, bound.last) WHERE bound.first IS NOT NULL
      UNION SELECT greatest(bound.whole_to, bound.first + 1), bound.last WHERE bound.last IS NOT NULL
    ) AS rest (starts, ends)
    JOIN delivery_counts days ON days.day >= rest.starts AND days.day < rest.ends
    WHERE days.client_id = $1 AND days.direction = $6
  ) part
  GROUP BY part.starts, part.ends
  UNION ALL
  SELECT cut.day, cut.day + 1, (
           SELECT count(*) FROM deliveries
           WHERE deliveries.client_id = $1 AND deliveries.direction = $6 AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
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
      WHERE days.client_id = $1 AND days.direction = $6 AND days.day >= begun.starts AND days.day < begun.ends
      GROUP BY days.day
    ) summed
    WHERE summed.below > begun.skipped ORDER BY summed.day DESC LIMIT 1
  ) walked ON begun.skipped > 0 AND begun.ends > begun.starts + 1
)
SELECT (SELECT coalesce(sum(n), 0) FROM spans)::float8 AS total, page.*
FROM (VALUES (1)) AS list
LEFT JOIN LATERAL (
  SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM place CROSS JOIN bound CROSS JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
    SELECT deliveries.id FROM deliveries
    WHERE deliveries.client_id = $1 AND deliveries.direction = $6 AND deliveries.created_at >= bound.since
      AND deliveries.created_at < least(bound.until, place.ends::timestamp AT TIME ZONE 'UTC')
    ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET place.skipped LIMIT 101
  ) most LIMIT $2) few LIMIT $2
  ) kept
  JOIN deliveries one ON one.client_id = $1 AND one.id = kept.id
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id
  ORDER BY one.created_at DESC, one.id DESC
) page ON true;

-- texts.list_by_status
WITH bound AS MATERIALIZED (
  SELECT cut.*, coalesce((date_trunc('month', cut.first::timestamp)::date + interval '1 month')::date, '-infinity') AS whole_from,
         coalesce(date_trunc('month', cut.last::timestamp)::date, 'infinity') AS whole_to
  FROM (SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
               ($4::timestamptz AT TIME ZONE 'UTC')::date AS first, ($5::timestamptz AT TIME ZONE 'UTC')::date AS last) cut
), spans AS MATERIALIZED (
  SELECT part.starts, part.ends, sum(part.n)::bigint AS n
  FROM (
    SELECT months.month AS starts, (months.month + interval '1 month')::date AS ends, months.n
    FROM bound JOIN delivery_months months ON months.month >= bound.whole_from AND months.month < bound.whole_to
    WHERE months.client_id = $1 AND months.status = $6
    UNION ALL
    SELECT date_trunc('month', loose.day::timestamp)::date, (date_trunc('month', loose.day::timestamp)::date + interval '1 month')::date, loose.n
    FROM bound JOIN delivery_counts loose ON loose.day >= bound.whole_from AND loose.day < bound.whole_to
    WHERE loose.shard >= 0 AND loose.client_id = $1 AND loose.status = $6
    UNION ALL
    SELECT days.day, days.day + 1, days.n
    FROM bound
    CROSS JOIN LATERAL (
      SELECT bound.first + 1, least(bound.whole_from, bound.last) WHERE bound.first IS NOT NULL
      UNION SELECT greatest(bound.whole_to, bound.first + 1), bound.last WHERE bound.last IS NOT NULL
    ) AS rest (starts, ends)
    JOIN delivery_counts days ON days.day >= rest.starts AND days.day < rest.ends
    WHERE days.client_id = $1 AND days.status = $6
  ) part
  GROUP BY part.starts, part.ends
  UNION ALL
  SELECT cut.day, cut.day + 1, (
           SELECT count(*) FROM deliveries
           WHERE deliveries.client_id = $1 AND deliveries.status = $6 AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
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
      WHERE days.client_id = $1 AND days.status = $6 AND days.day >= begun.starts AND days.day < begun.ends
      GROUP BY days.day
    ) summed
    WHERE summed.below > begun.skipped ORDER BY summed.day DESC LIMIT 1
  ) walked ON begun.skipped > 0 AND begun.ends > begun.starts + 1
)
SELECT (SELECT coalesce(sum(n), 0) FROM spans)::float8 AS total, page.*
FROM (VALUES (1)) AS list
LEFT JOIN LATERAL (
  SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM place CROSS JOIN bound CROSS JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
    SELECT deliveries.id FROM deliveries
    WHERE deliveries.client_id = $1 AND deliveries.status = $6 AND deliveries.created_at >= bound.since
      AND deliveries.created_at < least(bound.until, place.ends::timestamp AT TIME ZONE 'UTC')
    ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET place.skipped LIMIT 101
  ) most LIMIT $2) few LIMIT $2
  ) kept
  JOIN deliveries one ON one.client_id = $1 AND one.id = kept.id
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id
  ORDER BY one.created_at DESC, one.id DESC
) page ON true;

-- texts.list_by_direction_by_status
WITH bound AS MATERIALIZED (
  SELECT cut.*, coalesce((date_trunc('month', cut.first::timestamp)::date + interval '1 month')::date, '-infinity') AS whole_from,
         coalesce(date_trunc('month', cut.last::timestamp)::date, 'infinity') AS whole_to
  FROM (SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
               ($4::timestamptz AT TIME ZONE 'UTC')::date AS first, ($5::timestamptz AT TIME ZONE 'UTC')::date AS last) cut
), spans AS MATERIALIZED (
  SELECT part.starts, part.ends, sum(part.n)::bigint AS n
  FROM (
    SELECT months.month AS starts, (months.month + interval '1 month')::date AS ends, months.n
    FROM bound JOIN delivery_months months ON months.month >= bound.whole_from AND months.month < bound.whole_to
    WHERE months.client_id = $1 AND months.direction = $6 AND months.status = $7
    UNION ALL
    SELECT date_trunc('month', loose.day::timestamp)::date, (date_trunc('month', loose.day::timestamp)::date + interval '1 month')::date, loose.n
    FROM bound JOIN delivery_counts loose ON loose.day >= bound.whole_from AND loose.day < bound.whole_to
    WHERE loose.shard >= 0 AND loose.client_id = $1 AND loose.direction = $6 AND loose.status = $7
    UNION ALL
    SELECT days.day, days.day + 1, days.n
    FROM bound
    CROSS JOIN LATERAL (
      SELECT bound.first + 1, least(bound.whole_from, bound.last) WHERE bound.first IS NOT NULL
      UNION SELECT greatest(bound.whole_to, bound.first + 1), bound.last WHERE bound.last IS NOT NULL
    ) AS rest (starts, ends)
    JOIN delivery_counts days ON days.day >= rest.starts AND days.day < rest.ends
    WHERE days.client_id = $1 AND days.direction = $6 AND days.status = $7
  ) part
  GROUP BY part.starts, part.ends
  UNION ALL
  SELECT cut.day, cut.day + 1, (
           SELECT count(*) FROM deliveries
           WHERE deliveries.client_id = $1 AND deliveries.direction = $6 AND deliveries.status = $7 AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
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
      WHERE days.client_id = $1 AND days.direction = $6 AND days.status = $7 AND days.day >= begun.starts AND days.day < begun.ends
      GROUP BY days.day
    ) summed
    WHERE summed.below > begun.skipped ORDER BY summed.day DESC LIMIT 1
  ) walked ON begun.skipped > 0 AND begun.ends > begun.starts + 1
)
SELECT (SELECT coalesce(sum(n), 0) FROM spans)::float8 AS total, page.*
FROM (VALUES (1)) AS list
LEFT JOIN LATERAL (
  SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM place CROSS JOIN bound CROSS JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
    SELECT deliveries.id FROM deliveries
    WHERE deliveries.client_id = $1 AND deliveries.direction = $6 AND deliveries.status = $7 AND deliveries.created_at >= bound.since
      AND deliveries.created_at < least(bound.until, place.ends::timestamp AT TIME ZONE 'UTC')
    ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET place.skipped LIMIT 101
  ) most LIMIT $2) few LIMIT $2
  ) kept
  JOIN deliveries one ON one.client_id = $1 AND one.id = kept.id
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id
  ORDER BY one.created_at DESC, one.id DESC
) page ON true;

-- texts.list_by_address_id
WITH bound AS MATERIALIZED (
  SELECT cut.*, coalesce((date_trunc('month', cut.first::timestamp)::date + interval '1 month')::date, '-infinity') AS whole_from,
         coalesce(date_trunc('month', cut.last::timestamp)::date, 'infinity') AS whole_to
  FROM (SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
               ($4::timestamptz AT TIME ZONE 'UTC')::date AS first, ($5::timestamptz AT TIME ZONE 'UTC')::date AS last) cut
), spans AS MATERIALIZED (
  SELECT part.starts, part.ends, sum(part.n)::bigint AS n
  FROM (
    SELECT months.month AS starts, (months.month + interval '1 month')::date AS ends, months.n
    FROM bound JOIN delivery_months months ON months.month >= bound.whole_from AND months.month < bound.whole_to
    WHERE months.client_id = $1 AND months.address_id = $6
    UNION ALL
    SELECT date_trunc('month', loose.day::timestamp)::date, (date_trunc('month', loose.day::timestamp)::date + interval '1 month')::date, loose.n
    FROM bound JOIN delivery_counts loose ON loose.day >= bound.whole_from AND loose.day < bound.whole_to
    WHERE loose.shard >= 0 AND loose.client_id = $1 AND loose.address_id = $6
    UNION ALL
    SELECT days.day, days.day + 1, days.n
    FROM bound
    CROSS JOIN LATERAL (
      SELECT bound.first + 1, least(bound.whole_from, bound.last) WHERE bound.first IS NOT NULL
      UNION SELECT greatest(bound.whole_to, bound.first + 1), bound.last WHERE bound.last IS NOT NULL
    ) AS rest (starts, ends)
    JOIN delivery_counts days ON days.day >= rest.starts AND days.day < rest.ends
    WHERE days.client_id = $1 AND days.address_id = $6
  ) part
  GROUP BY part.starts, part.ends
  UNION ALL
  SELECT cut.day, cut.day + 1, (
           SELECT count(*) FROM deliveries
           WHERE deliveries.client_id = $1 AND deliveries.address_id = $6 AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
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
      WHERE days.client_id = $1 AND days.address_id = $6 AND days.day >= begun.starts AND days.day < begun.ends
      GROUP BY days.day
    ) summed
    WHERE summed.below > begun.skipped ORDER BY summed.day DESC LIMIT 1
  ) walked ON begun.skipped > 0 AND begun.ends > begun.starts + 1
)
SELECT (SELECT coalesce(sum(n), 0) FROM spans)::float8 AS total, page.*
FROM (VALUES (1)) AS list
LEFT JOIN LATERAL (
  SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM place CROSS JOIN bound CROSS JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
    SELECT deliveries.id FROM deliveries
    WHERE deliveries.client_id = $1 AND deliveries.address_id = $6 AND deliveries.created_at >= bound.since
      AND deliveries.created_at < least(bound.until, place.ends::timestamp AT TIME ZONE 'UTC')
    ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET place.skipped LIMIT 101
  ) most LIMIT $2) few LIMIT $2
  ) kept
  JOIN deliveries one ON one.client_id = $1 AND one.id = kept.id
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id
  ORDER BY one.created_at DESC, one.id DESC
) page ON true;

-- texts.list_by_direction_by_address_id
WITH bound AS MATERIALIZED (
  SELECT cut.*, coalesce((date_trunc('month', cut.first::timestamp)::date + interval '1 month')::date, '-infinity') AS whole_from,
         coalesce(date_trunc('month', cut.last::timestamp)::date, 'infinity') AS whole_to
  FROM (SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
               ($4::timestamptz AT TIME ZONE 'UTC')::date AS first, ($5::timestamptz AT TIME ZONE 'UTC')::date AS last) cut
), spans AS MATERIALIZED (
  SELECT part.starts, part.ends, sum(part.n)::bigint AS n
  FROM (
    SELECT months.month AS starts, (months.month + interval '1 month')::date AS ends, months.n
    FROM bound JOIN delivery_months months ON months.month >= bound.whole_from AND months.month < bound.whole_to
    WHERE months.client_id = $1 AND months.direction = $6 AND months.address_id = $7
    UNION ALL
    SELECT date_trunc('month', loose.day::timestamp)::date, (date_trunc('month', loose.day::timestamp)::date + interval '1 month')::date, loose.n
    FROM bound JOIN delivery_counts loose ON loose.day >= bound.whole_from AND loose.day < bound.whole_to
    WHERE loose.shard >= 0 AND loose.client_id = $1 AND loose.direction = $6 AND loose.address_id = $7
    UNION ALL
    SELECT days.day, days.day + 1, days.n
    FROM bound
    CROSS JOIN LATERAL (
      SELECT bound.first + 1, least(bound.whole_from, bound.last) WHERE bound.first IS NOT NULL
      UNION SELECT greatest(bound.whole_to, bound.first + 1), bound.last WHERE bound.last IS NOT NULL
    ) AS rest (starts, ends)
    JOIN delivery_counts days ON days.day >= rest.starts AND days.day < rest.ends
    WHERE days.client_id = $1 AND days.direction = $6 AND days.address_id = $7
  ) part
  GROUP BY part.starts, part.ends
  UNION ALL
  SELECT cut.day, cut.day + 1, (
           SELECT count(*) FROM deliveries
           WHERE deliveries.client_id = $1 AND deliveries.direction = $6 AND deliveries.address_id = $7 AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
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
      WHERE days.client_id = $1 AND days.direction = $6 AND days.address_id = $7 AND days.day >= begun.starts AND days.day < begun.ends
      GROUP BY days.day
    ) summed
    WHERE summed.below > begun.skipped ORDER BY summed.day DESC LIMIT 1
  ) walked ON begun.skipped > 0 AND begun.ends > begun.starts + 1
)
SELECT (SELECT coalesce(sum(n), 0) FROM spans)::float8 AS total, page.*
FROM (VALUES (1)) AS list
LEFT JOIN LATERAL (
  SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM place CROSS JOIN bound CROSS JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
    SELECT deliveries.id FROM deliveries
    WHERE deliveries.client_id = $1 AND deliveries.direction = $6 AND deliveries.address_id = $7 AND deliveries.created_at >= bound.since
      AND deliveries.created_at < least(bound.until, place.ends::timestamp AT TIME ZONE 'UTC')
    ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET place.skipped LIMIT 101
  ) most LIMIT $2) few LIMIT $2
  ) kept
  JOIN deliveries one ON one.client_id = $1 AND one.id = kept.id
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id
  ORDER BY one.created_at DESC, one.id DESC
) page ON true;

-- texts.list_by_status_by_address_id
WITH bound AS MATERIALIZED (
  SELECT cut.*, coalesce((date_trunc('month', cut.first::timestamp)::date + interval '1 month')::date, '-infinity') AS whole_from,
         coalesce(date_trunc('month', cut.last::timestamp)::date, 'infinity') AS whole_to
  FROM (SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
               ($4::timestamptz AT TIME ZONE 'UTC')::date AS first, ($5::timestamptz AT TIME ZONE 'UTC')::date AS last) cut
), spans AS MATERIALIZED (
  SELECT part.starts, part.ends, sum(part.n)::bigint AS n
  FROM (
    SELECT months.month AS starts, (months.month + interval '1 month')::date AS ends, months.n
    FROM bound JOIN delivery_months months ON months.month >= bound.whole_from AND months.month < bound.whole_to
    WHERE months.client_id = $1 AND months.status = $6 AND months.address_id = $7
    UNION ALL
    SELECT date_trunc('month', loose.day::timestamp)::date, (date_trunc('month', loose.day::timestamp)::date + interval '1 month')::date, loose.n
    FROM bound JOIN delivery_counts loose ON loose.day >= bound.whole_from AND loose.day < bound.whole_to
    WHERE loose.shard >= 0 AND loose.client_id = $1 AND loose.status = $6 AND loose.address_id = $7
    UNION ALL
    SELECT days.day, days.day + 1, days.n
    FROM bound
    CROSS JOIN LATERAL (
      SELECT bound.first + 1, least(bound.whole_from, bound.last) WHERE bound.first IS NOT NULL
      UNION SELECT greatest(bound.whole_to, bound.first + 1), bound.last WHERE bound.last IS NOT NULL
    ) AS rest (starts, ends)
    JOIN delivery_counts days ON days.day >= rest.starts AND days.day < rest.ends
    WHERE days.client_id = $1 AND days.status = $6 AND days.address_id = $7
  ) part
  GROUP BY part.starts, part.ends
  UNION ALL
  SELECT cut.day, cut.day + 1, (
           SELECT count(*) FROM deliveries
           WHERE deliveries.client_id = $1 AND deliveries.status = $6 AND deliveries.address_id = $7 AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
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
      WHERE days.client_id = $1 AND days.status = $6 AND days.address_id = $7 AND days.day >= begun.starts AND days.day < begun.ends
      GROUP BY days.day
    ) summed
    WHERE summed.below > begun.skipped ORDER BY summed.day DESC LIMIT 1
  ) walked ON begun.skipped > 0 AND begun.ends > begun.starts + 1
)
SELECT (SELECT coalesce(sum(n), 0) FROM spans)::float8 AS total, page.*
FROM (VALUES (1)) AS list
LEFT JOIN LATERAL (
  SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM place CROSS JOIN bound CROSS JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
    SELECT deliveries.id FROM deliveries
    WHERE deliveries.client_id = $1 AND deliveries.status = $6 AND deliveries.address_id = $7 AND deliveries.created_at >= bound.since
      AND deliveries.created_at < least(bound.until, place.ends::timestamp AT TIME ZONE 'UTC')
    ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET place.skipped LIMIT 101
  ) most LIMIT $2) few LIMIT $2
  ) kept
  JOIN deliveries one ON one.client_id = $1 AND one.id = kept.id
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id
  ORDER BY one.created_at DESC, one.id DESC
) page ON true;

-- texts.list_by_direction_by_status_by_address_id
WITH bound AS MATERIALIZED (
  SELECT cut.*, coalesce((date_trunc('month', cut.first::timestamp)::date + interval '1 month')::date, '-infinity') AS whole_from,
         coalesce(date_trunc('month', cut.last::timestamp)::date, 'infinity') AS whole_to
  FROM (SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
               ($4::timestamptz AT TIME ZONE 'UTC')::date AS first, ($5::timestamptz AT TIME ZONE 'UTC')::date AS last) cut
), spans AS MATERIALIZED (
  SELECT part.starts, part.ends, sum(part.n)::bigint AS n
  FROM (
    SELECT months.month AS starts, (months.month + interval '1 month')::date AS ends, months.n
    FROM bound JOIN delivery_months months ON months.month >= bound.whole_from AND months.month < bound.whole_to
    WHERE months.client_id = $1 AND months.direction = $6 AND months.status = $7 AND months.address_id = $8
    UNION ALL
    SELECT date_trunc('month', loose.day::timestamp)::date, (date_trunc('month', loose.day::timestamp)::date + interval '1 month')::date, loose.n
    FROM bound JOIN delivery_counts loose ON loose.day >= bound.whole_from AND loose.day < bound.whole_to
    WHERE loose.shard >= 0 AND loose.client_id = $1 AND loose.direction = $6 AND loose.status = $7 AND loose.address_id = $8
    UNION ALL
    SELECT days.day, days.day + 1, days.n
    FROM bound
    CROSS JOIN LATERAL (
      SELECT bound.first + 1, least(bound.whole_from, bound.last) WHERE bound.first IS NOT NULL
      UNION SELECT greatest(bound.whole_to, bound.first + 1), bound.last WHERE bound.last IS NOT NULL
    ) AS rest (starts, ends)
    JOIN delivery_counts days ON days.day >= rest.starts AND days.day < rest.ends
    WHERE days.client_id = $1 AND days.direction = $6 AND days.status = $7 AND days.address_id = $8
  ) part
  GROUP BY part.starts, part.ends
  UNION ALL
  SELECT cut.day, cut.day + 1, (
           SELECT count(*) FROM deliveries
           WHERE deliveries.client_id = $1 AND deliveries.direction = $6 AND deliveries.status = $7 AND deliveries.address_id = $8 AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
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
      WHERE days.client_id = $1 AND days.direction = $6 AND days.status = $7 AND days.address_id = $8 AND days.day >= begun.starts AND days.day < begun.ends
      GROUP BY days.day
    ) summed
    WHERE summed.below > begun.skipped ORDER BY summed.day DESC LIMIT 1
  ) walked ON begun.skipped > 0 AND begun.ends > begun.starts + 1
)
SELECT (SELECT coalesce(sum(n), 0) FROM spans)::float8 AS total, page.*
FROM (VALUES (1)) AS list
LEFT JOIN LATERAL (
  SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM place CROSS JOIN bound CROSS JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
    SELECT deliveries.id FROM deliveries
    WHERE deliveries.client_id = $1 AND deliveries.direction = $6 AND deliveries.status = $7 AND deliveries.address_id = $8 AND deliveries.created_at >= bound.since
      AND deliveries.created_at < least(bound.until, place.ends::timestamp AT TIME ZONE 'UTC')
    ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET place.skipped LIMIT 101
  ) most LIMIT $2) few LIMIT $2
  ) kept
  JOIN deliveries one ON one.client_id = $1 AND one.id = kept.id
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id
  ORDER BY one.created_at DESC, one.id DESC
) page ON true;

-- texts.sign
INSERT INTO message_authors (client_id, message_id, user_id) SELECT $1, $2, $3;
