-- deliveries.allow
UPDATE deliveries SET may_reach_opted_out = true WHERE client_id = $1 AND id = $2;

-- deliveries.announce
SELECT count_delivery(NULL, one),
       CASE WHEN EXISTS (SELECT FROM listeners WHERE client_id = $1) THEN raise_event($1, 'delivery.created',
         one.channel_id, NULL, delivery_data(one), true) END AS told,
       EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised
FROM deliveries one
WHERE one.client_id = $1 AND one.id = $2;

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
