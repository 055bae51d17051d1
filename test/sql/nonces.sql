-- nonces.create
INSERT INTO nonces (nonce, expires_at) VALUES ($1, now() + make_interval(secs => $2));

-- housekeeping.purge_nonces
WITH purged AS (
  DELETE FROM nonces WHERE ctid = ANY (ARRAY(SELECT ctid FROM nonces WHERE expires_at < now() LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- nonces.take
DELETE FROM nonces WHERE nonce = $1 RETURNING expires_at > now() AS "isGood";
