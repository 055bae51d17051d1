-- delivery_jobs.call_again
WITH one AS MATERIALIZED (
  SELECT id FROM deliveries WHERE client_id = $1 AND id = $2 FOR NO KEY UPDATE
), job AS (
  UPDATE delivery_jobs SET tries = tries + 1, next_attempt_at = now() + make_interval(secs => $3)
  FROM one
  WHERE client_id = $1 AND delivery_jobs.id = one.id AND kind || '' = 'send'
  RETURNING delivery_jobs.id
)
UPDATE deliveries SET submitted_at = NULL FROM job
WHERE client_id = $1 AND deliveries.id = job.id AND status = 'sending';

-- delivery_jobs.claim
WITH due AS MATERIALIZED (
  SELECT job.client_id, job.id, job.kind FROM delivery_jobs job
  WHERE job.next_attempt_at <= now() AND NOT job.client_id = ANY($1::uuid[])
    AND NOT (job.kind = 'send' AND job.created_at > now() - interval '5 minutes' AND EXISTS (
      SELECT FROM delivery_jobs earlier
      WHERE earlier.client_id = job.client_id AND earlier.channel_id = job.channel_id AND earlier.kind = 'send'
        AND earlier.position < job.position AND NOT (earlier.attempts = 0 AND earlier.next_attempt_at > now())))
    AND NOT EXISTS (
      SELECT FROM messaging_providers carrier
      JOIN clients live ON live.id = carrier.client_id AND live.disabled_at IS NULL
      WHERE carrier.client_id = job.client_id AND carrier.active AND carrier.kind = 'smpp'
        AND carrier.bound_by IS DISTINCT FROM $3::uuid)
  ORDER BY job.next_attempt_at LIMIT 20 FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE delivery_jobs job
  SET next_attempt_at = now() + make_interval(secs => $2 / 1000.0), attempts = job.attempts + 1
  FROM due
  WHERE job.client_id = due.client_id AND job.id = due.id AND job.kind = due.kind
  RETURNING job.*
)
SELECT claimed.client_id AS "clientId", client.livemode, claimed.id, claimed.kind, claimed.attempts, claimed.tries,
       claimed.channel_id AS "channelId", claimed.position, claimed.media
FROM claimed JOIN clients client ON client.id = claimed.client_id;

-- delivery_jobs.doubt
UPDATE delivery_jobs SET kind = 'reconcile', tries = 0, next_attempt_at = now() + make_interval(secs => $3)
WHERE client_id = $1 AND id = $2 AND kind || '' = 'send';

-- delivery_jobs.drop
DELETE FROM delivery_jobs WHERE client_id = $1 AND id = $2 AND kind = $3;

-- delivery_jobs.fetch_again
UPDATE delivery_jobs SET media = $3::jsonb, tries = tries + 1, next_attempt_at = now() + make_interval(secs => $4)
WHERE client_id = $1 AND id = $2 AND kind = 'fetch_media';

-- delivery_jobs.find
SELECT one.from_text AS "from", one.to_text AS "to", coalesce(CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END, '') AS body, coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding", one.attempts,
       one.submitted_at AS "submittedAt", one.provider_message_id AS "providerMessageId",
       carrier.id AS "providerId", carrier.kind, carrier.public, carrier.secret
FROM deliveries one
LEFT JOIN messaging_providers carrier ON carrier.client_id = $1 AND carrier.id = one.provider_id
LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
WHERE one.client_id = $1 AND one.id = $2;

-- delivery_jobs.look_again
UPDATE delivery_jobs SET tries = tries + 1, next_attempt_at = now() + make_interval(secs => $4)
WHERE client_id = $1 AND id = $2 AND kind = $3;

-- delivery_jobs.put_back
UPDATE delivery_jobs SET next_attempt_at = least(created_at, now())
WHERE client_id = $1 AND id = $2 AND kind || '' = 'send' AND attempts = $3;
