-- idempotency_keys.claim
WITH gate AS MATERIALIZED (
  SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2::text, 2))
)
INSERT INTO idempotency_keys (client_id, key, fingerprint)
SELECT $1, $2, $3 FROM gate
ON CONFLICT (client_id, key) DO UPDATE
  SET fingerprint = excluded.fingerprint, status = NULL, body = NULL, created_at = now()
  WHERE idempotency_keys.created_at < now() - interval '24 hours'
RETURNING key;

-- idempotency_keys.find
SELECT fingerprint, status, body FROM idempotency_keys
WHERE client_id = $1 AND key = $2 AND created_at >= now() - interval '24 hours';

-- idempotency_keys.keep
UPDATE idempotency_keys SET status = $3, body = $4 WHERE client_id = $1 AND key = $2;

-- idempotency_keys.purge
WITH old AS (
  SELECT client_id, key FROM idempotency_keys WHERE created_at < now() - interval '24 hours' LIMIT $1
), purged AS (
  DELETE FROM idempotency_keys USING old
  WHERE idempotency_keys.client_id = old.client_id AND idempotency_keys.key = old.key
  RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;
