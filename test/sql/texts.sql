-- texts.find
SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId",
coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding" FROM deliveries one
LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id WHERE one.client_id = $1 AND one.id = $2;

-- texts.find_thread
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
) channel ON true;

-- texts.list
WITH bound AS MATERIALIZED (
  SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
         coalesce(($4::timestamptz AT TIME ZONE 'UTC')::date, '-infinity') AS first,
         coalesce(($5::timestamptz AT TIME ZONE 'UTC')::date, 'infinity') AS last
), days AS MATERIALIZED (
  SELECT counts.day, sum(counts.n)::bigint AS n
  FROM bound JOIN delivery_counts counts ON counts.day > bound.first AND counts.day < bound.last
  WHERE counts.client_id = $1 AND ($6::text IS NULL OR counts.direction = $6)
  GROUP BY counts.day
  UNION ALL
  SELECT cut.day, (
           SELECT count(*) FROM deliveries
           WHERE deliveries.client_id = $1 AND ($6::text IS NULL OR deliveries.direction = $6) AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
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
  SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM begun CROSS JOIN bound CROSS JOIN LATERAL (
    SELECT * FROM deliveries
    WHERE deliveries.client_id = $1 AND ($6::text IS NULL OR deliveries.direction = $6) AND deliveries.created_at >= bound.since
      AND deliveries.created_at < least(bound.until, (begun.day + 1)::timestamp AT TIME ZONE 'UTC')
    ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET begun.skipped LIMIT $2
  ) one
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id
  ORDER BY one.created_at DESC, one.id DESC
) page ON true;

-- texts.list_by_address
WITH bound AS MATERIALIZED (
  SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
         coalesce(($4::timestamptz AT TIME ZONE 'UTC')::date, '-infinity') AS first,
         coalesce(($5::timestamptz AT TIME ZONE 'UTC')::date, 'infinity') AS last
), days AS MATERIALIZED (
  SELECT counts.day, sum(counts.n)::bigint AS n
  FROM bound JOIN delivery_counts counts ON counts.day > bound.first AND counts.day < bound.last
  WHERE counts.client_id = $1 AND ($6::text IS NULL OR counts.direction = $6) AND counts.address_id = $7 AND ($8::text IS NULL OR counts.status = $8)
  GROUP BY counts.day
  UNION ALL
  SELECT cut.day, (
           SELECT count(*) FROM deliveries
           WHERE deliveries.client_id = $1 AND ($6::text IS NULL OR deliveries.direction = $6) AND deliveries.address_id = $7 AND ($8::text IS NULL OR deliveries.status = $8) AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
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
  SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM begun CROSS JOIN bound CROSS JOIN LATERAL (
    SELECT * FROM deliveries
    WHERE deliveries.client_id = $1 AND ($6::text IS NULL OR deliveries.direction = $6) AND deliveries.address_id = $7 AND ($8::text IS NULL OR deliveries.status = $8) AND deliveries.created_at >= bound.since
      AND deliveries.created_at < least(bound.until, (begun.day + 1)::timestamp AT TIME ZONE 'UTC')
    ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET begun.skipped LIMIT $2
  ) one
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id
  ORDER BY one.created_at DESC, one.id DESC
) page ON true;

-- texts.list_by_status
WITH bound AS MATERIALIZED (
  SELECT coalesce($4::timestamptz, '-infinity') AS since, coalesce($5::timestamptz, 'infinity') AS until,
         coalesce(($4::timestamptz AT TIME ZONE 'UTC')::date, '-infinity') AS first,
         coalesce(($5::timestamptz AT TIME ZONE 'UTC')::date, 'infinity') AS last
), days AS MATERIALIZED (
  SELECT counts.day, sum(counts.n)::bigint AS n
  FROM bound JOIN delivery_counts counts ON counts.day > bound.first AND counts.day < bound.last
  WHERE counts.client_id = $1 AND ($6::text IS NULL OR counts.direction = $6) AND counts.status = $7
  GROUP BY counts.day
  UNION ALL
  SELECT cut.day, (
           SELECT count(*) FROM deliveries
           WHERE deliveries.client_id = $1 AND ($6::text IS NULL OR deliveries.direction = $6) AND deliveries.status = $7 AND deliveries.created_at >= greatest(bound.since, cut.day::timestamp AT TIME ZONE 'UTC')
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
  SELECT one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM begun CROSS JOIN bound CROSS JOIN LATERAL (
    SELECT * FROM deliveries
    WHERE deliveries.client_id = $1 AND ($6::text IS NULL OR deliveries.direction = $6) AND deliveries.status = $7 AND deliveries.created_at >= bound.since
      AND deliveries.created_at < least(bound.until, (begun.day + 1)::timestamp AT TIME ZONE 'UTC')
    ORDER BY deliveries.created_at DESC, deliveries.id DESC OFFSET begun.skipped LIMIT $2
  ) one
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = one.id
  ORDER BY one.created_at DESC, one.id DESC
) page ON true;

-- texts.sign
INSERT INTO message_authors (client_id, message_id, user_id) SELECT $1, $2, $3;
