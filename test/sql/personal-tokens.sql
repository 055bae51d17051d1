-- personal_tokens.count_live
SELECT count(*)::int AS live FROM personal_tokens
WHERE client_id = $1 AND user_id = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now());

-- personal_tokens.create
  INSERT INTO personal_tokens (client_id, id, user_id, name, scopes, token_sha256, last4, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  RETURNING
id, user_id AS "userId", name, scopes, last4, expires_at AS "expiresAt", last_used_at AS "lastUsedAt",
revoked_at AS "revokedAt", created_at AS "createdAt";

-- personal_tokens.find_by_token
SELECT token.id, token.user_id AS "userId", token.scopes, token.expires_at AS "expiresAt",
       token.last_used_at AS "lastUsedAt", client.id AS "clientId", client.livemode, client.domain,
       client.allowed_subdomains AS "allowedSubdomains", client.allowed_ips AS "allowedIps",
       client.public_key AS "publicKey", client.rate_limit AS "rateLimit",
       client.total_rate_limit AS "totalRateLimit"
FROM personal_tokens token
JOIN clients client ON client.id = token.client_id AND client.disabled_at IS NULL
JOIN users account ON account.id = token.user_id AND account.disabled_at IS NULL
WHERE token.token_sha256 = $1 AND token.revoked_at IS NULL;

-- personal_tokens.list
  SELECT counted.total AS "totalItems", page.*
  FROM (SELECT count(*)::int AS total FROM personal_tokens WHERE client_id = $1 AND ($4::uuid IS NULL OR user_id = $4)) counted
  LEFT JOIN LATERAL (SELECT
id, user_id AS "userId", name, scopes, last4, expires_at AS "expiresAt", last_used_at AS "lastUsedAt",
revoked_at AS "revokedAt", created_at AS "createdAt" FROM personal_tokens WHERE client_id = $1 AND ($4::uuid IS NULL OR user_id = $4) ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3) page ON true;

-- personal_tokens.mark_used
UPDATE personal_tokens SET last_used_at = $3 WHERE client_id = $1 AND id = $2;

-- personal_tokens.revoke
UPDATE personal_tokens SET revoked_at = coalesce(revoked_at, now())
WHERE client_id = $1 AND id = $2 AND ($3::uuid IS NULL OR user_id = $3) RETURNING id;
