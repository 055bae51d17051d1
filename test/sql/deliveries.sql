-- deliveries.accept_together
WITH told AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($3::jsonb) AS told (id uuid, status text, "providerMessageId" text,
    "computedSegments" int, encoding text, "channelId" uuid, position int, "pollAfter" int)
), held AS MATERIALIZED (
  SELECT one.id, coalesce(one.segments, 0) AS segments FROM deliveries one
  WHERE one.client_id = $1 AND one.id = ANY($2::uuid[]) AND one.status = 'sending' AND one.provider_message_id IS NULL
  ORDER BY one.id FOR NO KEY UPDATE SKIP LOCKED
), noted AS MATERIALIZED (
  UPDATE deliveries one
  SET status = told.status, provider_message_id = told."providerMessageId",
      segments = coalesce(one.segments, told."computedSegments"), encoding = coalesce(one.encoding, told.encoding),
      sent_at = CASE told.status WHEN 'sent' THEN coalesce(one.sent_at, now()) ELSE one.sent_at END, updated_at = now()
  FROM told
  WHERE one.client_id = $1 AND one.id = ANY(ARRAY(SELECT id FROM held)) AND told.id = one.id
  RETURNING one.*
), done AS (
  DELETE FROM delivery_jobs job
  WHERE job.client_id = $1 AND job.id = ANY(ARRAY(SELECT id FROM noted)) AND job.kind IN ('send', 'reconcile')
), polled AS (
  INSERT INTO delivery_jobs (client_id, id, kind, channel_id, position, next_attempt_at)
  SELECT $1, noted.id, 'poll', told."channelId", told.position, now() + make_interval(secs => told."pollAfter")
  FROM noted JOIN told ON told.id = noted.id AND told."pollAfter" IS NOT NULL
  ON CONFLICT DO NOTHING
), counted AS (
  INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, currency, n, segments, price)
  SELECT $1, (noted.created_at AT TIME ZONE 'UTC')::date, noted.address_id, noted.direction, moved.status, (get_byte(uuid_send(noted.id), 15) & 7),
         coalesce(noted.currency, ''), sum(moved.n), sum(moved.segments), sum(moved.n * coalesce(noted.price, 0))
  FROM noted JOIN held ON held.id = noted.id
  CROSS JOIN LATERAL (
    VALUES ('sending', -1, -held.segments), (noted.status, 1, coalesce(noted.segments, 0))
  ) AS moved (status, n, segments)
  GROUP BY 2, 3, 4, 5, 6, 7
  HAVING sum(moved.n) <> 0 OR sum(moved.segments) <> 0
  ORDER BY 2, 3, 4, 5, 6, 7
  ON CONFLICT (client_id, day, address_id, direction, status, shard, currency) DO UPDATE
  SET n = delivery_counts.n + excluded.n, segments = delivery_counts.segments + excluded.segments,
      price = delivery_counts.price + excluded.price
), raised AS MATERIALIZED (
  SELECT noted.id, raise_event($1, 'delivery.updated', noted.channel_id, NULL, delivery_data(ROW(noted.*)::deliveries), true)
  FROM noted
  WHERE noted.status <> 'sending' AND EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT noted.id, raised.id IS NOT NULL AS raised FROM noted LEFT JOIN raised ON raised.id = noted.id;

-- deliveries.allow
UPDATE deliveries SET may_reach_opted_out = true WHERE client_id = $1 AND id = $2
RETURNING set_config('parlance.automatic', '', true);

-- deliveries.announce
SELECT count_delivery(NULL, one),
       CASE WHEN EXISTS (SELECT FROM listeners WHERE client_id = $1) THEN raise_event($1, 'delivery.created',
         one.channel_id, NULL, delivery_data(one), true) END AS told,
       EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised
FROM deliveries one
WHERE one.client_id = $1 AND one.id = $2;

-- deliveries.begin_automatic
SELECT set_config('parlance.automatic', client_id::text, true) FROM addresses WHERE client_id = $1 LIMIT 1;

-- deliveries.complete
WITH was AS MATERIALIZED (
  SELECT * FROM deliveries WHERE client_id = $1 AND id = $2 AND status = 'receiving' FOR NO KEY UPDATE
), job AS (
  DELETE FROM delivery_jobs WHERE client_id = $1 AND id = $2 AND kind = 'fetch_media'
), becomes AS (
  UPDATE deliveries SET status = 'received', done_at = now(), updated_at = now() FROM was
  WHERE deliveries.client_id = $1 AND deliveries.id = was.id
  RETURNING deliveries.*
)
SELECT count_delivery(ROW(was.*)::deliveries, ROW(becomes.*)::deliveries),
       CASE WHEN EXISTS (SELECT FROM listeners WHERE client_id = $1) THEN raise_event($1, 'delivery.created',
         becomes.channel_id, NULL, delivery_data(ROW(becomes.*)::deliveries), true) END AS told,
       EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised
FROM was CROSS JOIN becomes;

-- deliveries.expect_media
WITH job AS (
  INSERT INTO delivery_jobs (client_id, id, kind, channel_id, position, media)
  VALUES ($1, $2, 'fetch_media', $3, 0, $4::jsonb)
)
SELECT count_delivery(NULL, one) FROM deliveries one WHERE one.client_id = $1 AND one.id = $2;

-- deliveries.find_said
SELECT channel_id AS "channelId", person_id AS "personId" FROM deliveries WHERE client_id = $1 AND id = $2;

-- deliveries.find_told
SELECT provider_message_id AS id FROM deliveries
WHERE client_id = $1 AND provider = $2 AND provider_message_id = ANY($3::text[]);

-- deliveries.move
SELECT moved.status, moved.moved, moved.raised, one.channel_id AS "channelId", one.address_id AS "addressId",
       one.person_id AS "personId", one.to_text AS "to"
FROM deliveries one
CROSS JOIN LATERAL move_delivery($1, one.id, $3, $4::text[], $5::jsonb) moved
WHERE one.client_id = $1 AND one.id = $2;

-- deliveries.move_and_poll
WITH moved AS MATERIALIZED (
  SELECT moved.status FROM deliveries one
  CROSS JOIN LATERAL move_delivery($1, one.id, $3, $4::text[], $5::jsonb) moved
  WHERE one.client_id = $1 AND one.id = $2
)
INSERT INTO delivery_jobs (client_id, id, kind, channel_id, position, next_attempt_at)
SELECT $1, $2, 'poll', $6, $7, now() + make_interval(secs => $8) FROM moved
WHERE moved.status IN ('queued', 'sending', 'sent')
ON CONFLICT DO NOTHING;

-- deliveries.move_of
SELECT moved.status, moved.moved, moved.raised, one.channel_id AS "channelId", one.address_id AS "addressId",
       one.person_id AS "personId", one.to_text AS "to"
FROM deliveries one
CROSS JOIN LATERAL move_delivery($1, one.id, $5, $6::text[], $7::jsonb) moved
WHERE one.client_id = $1 AND one.provider = $2 AND one.id = coalesce($3::uuid, (
  SELECT named.id FROM deliveries named
  WHERE named.client_id = $1 AND named.provider = $2 AND named.provider_message_id = $4));

-- deliveries.receive
INSERT INTO deliveries (client_id, id, direction, channel_id, address_id, person_id, from_text, to_text, provider_id,
                        provider_message_id, provider, segments, encoding, media_count, medium, status, done_at)
SELECT $1, $2, 'inbound', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
       CASE WHEN $13::int > 0 THEN 'mms' ELSE 'sms' END, $14, CASE WHEN $14 = 'received' THEN now() END
ON CONFLICT DO NOTHING
RETURNING id;

-- deliveries.replied_lately
SELECT one.id FROM deliveries one
WHERE one.client_id = $1 AND one.address_id = $2 AND one.channel_id = $3 AND one.may_reach_opted_out
  AND one.created_at > now() - interval '10 minutes'
LIMIT 1;

-- deliveries.schedule
SELECT schedule_delivery($1, one.id, $3, $4) AS raised FROM deliveries one
WHERE one.client_id = $1 AND one.id = $2;

-- deliveries.submit
SELECT submitted.answer, woken.raised OR submitted.raised AS raised, one.from_text AS "from", one.to_text AS "to",
       coalesce(CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END, '') AS body, coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding", coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files,
       one.attempts + 1 AS attempts,
       carrier.id AS "providerId", carrier.kind, carrier.public, carrier.secret
FROM deliveries one
CROSS JOIN LATERAL wake_delivery($1, one.id, $3) woken
CROSS JOIN LATERAL submit_delivery($1, one.id, woken.attempt) submitted
LEFT JOIN messaging_providers carrier ON carrier.client_id = $1 AND carrier.id = submitted.carrier_id
LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
WHERE one.client_id = $1 AND one.id = $2;

-- deliveries.submit_together
SELECT one.id, 'go' AS answer, submitted.raised, one.from_text AS "from", one.to_text AS "to",
       coalesce(CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END, '') AS body, coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding", coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files,
       one.attempts + 1 AS attempts,
       carrier.id AS "providerId", carrier.kind, carrier.public, carrier.secret
FROM submit_deliveries($1, $2, $3) submitted
JOIN deliveries one ON one.client_id = $1 AND one.id = submitted.id
JOIN messaging_providers carrier ON carrier.client_id = $1 AND carrier.id = submitted.carrier_id
JOIN messages message ON message.client_id = $1 AND message.id = one.id;
