-- user_tokens.find
SELECT token.user_id AS "userId", token.data, account.email, account.name
FROM user_tokens token LEFT JOIN users account ON account.id = token.user_id
WHERE token.token_sha256 = $1 AND token.purpose = $2 AND token.used_at IS NULL AND token.expires_at > now();

-- user_tokens.mint
WITH voided AS (
  UPDATE user_tokens SET used_at = now() WHERE user_id = $2 AND purpose = $3 AND used_at IS NULL AND $7::boolean
)
INSERT INTO user_tokens (id, user_id, purpose, token_sha256, data, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
RETURNING expires_at AS "expiresAt";

-- housekeeping.purge_user_tokens
WITH purged AS (
  DELETE FROM user_tokens WHERE ctid = ANY (ARRAY(SELECT ctid FROM user_tokens WHERE expires_at <= now() - interval '1 day' ORDER BY expires_at LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- user_tokens.use
UPDATE user_tokens SET used_at = now()
WHERE token_sha256 = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > now()
RETURNING user_id AS "userId", data;
