-- customer_sessions.create
INSERT INTO customer_sessions (client_id, id, customer_id, token_sha256, expires_at, dialect)
SELECT $1, $2, id, $4, now() + make_interval(secs => $5), $6 FROM customers WHERE client_id = $1 AND id = $3
FOR KEY SHARE
RETURNING id, customer_id AS "customerId", expires_at AS "expiresAt", created_at AS "createdAt";

-- customer_sessions.find_by_token
SELECT client.id AS "clientId", client.livemode, client.domain, client.allowed_subdomains AS "allowedSubdomains",
       client.rate_limit AS "rateLimit",
       client.total_rate_limit AS "totalRateLimit", client.public_key AS "publicKey", session.id AS "sessionId",
       session.customer_id AS "customerId", session.expires_at AS "expiresAt", session.dialect
FROM customer_sessions session
JOIN clients client ON client.id = session.client_id AND client.disabled_at IS NULL
WHERE session.token_sha256 = $1 AND session.revoked_at IS NULL;

-- housekeeping.purge_customer_sessions
WITH purged AS (
  DELETE FROM customer_sessions WHERE ctid = ANY (ARRAY(SELECT ctid FROM customer_sessions WHERE expires_at < now() - interval '30 days' LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- customer_sessions.revoke
UPDATE customer_sessions SET revoked_at = coalesce(revoked_at, now())
WHERE client_id = $1 AND customer_id = $2 AND id = $3
RETURNING token_sha256 AS "tokenSha256";

-- customer_sessions.revoke_all
WITH revoked AS (
  UPDATE customer_sessions SET revoked_at = now()
  WHERE client_id = $1 AND customer_id = $2 AND revoked_at IS NULL
  RETURNING token_sha256
)
SELECT array(SELECT token_sha256 FROM revoked) AS "tokens" FROM customers WHERE client_id = $1 AND id = $2;
