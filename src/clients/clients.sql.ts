import type { Statement } from '../platform/database/statement.js';

export const FIND: Statement = {
  name: 'clients.find',
  text: `
    SELECT id, name, domain, allowed_subdomains AS "allowedSubdomains", allowed_ips AS "allowedIps",
           public_key AS "publicKey", livemode, realtime_secret AS "realtimeSecret", rate_limit AS "rateLimit",
           total_rate_limit AS "totalRateLimit", origin_policy AS "originPolicy", storage_limit::float8 AS "storageLimit", (
             SELECT coalesce(sum(bytes), 0)::float8 FROM storage_uses WHERE client_id = $1
           ) AS "storageUsed", disabled_at AS "disabledAt", created_at AS "createdAt"
    FROM clients WHERE id = $1`,
};

/** Finds the tenant, so it has none yet: whose public key this is, and whether the secret key is one of theirs. */
export const FIND_BY_KEYS: Statement = {
  name: 'clients.find_by_keys',
  text: `
    SELECT client.id AS "clientId", client.livemode, client.domain, client.allowed_subdomains AS "allowedSubdomains",
           client.allowed_ips AS "allowedIps", client.rate_limit AS "rateLimit",
           client.total_rate_limit AS "totalRateLimit", client.origin_policy AS "originPolicy",
           client.public_key AS "publicKey", client.realtime_secret AS "realtimeSecret", key.id AS "keyId", key.scopes, key.expires_at AS "expiresAt",
           key.last_used_at AS "lastUsedAt"
    FROM clients client
    LEFT JOIN api_keys key ON key.client_id = client.id AND key.secret_sha256 = $2 AND key.revoked_at IS NULL
    WHERE client.public_key = $1 AND client.disabled_at IS NULL`,
};

/** A client with its first secret key and its counters at nought: all or none. */
export const CREATE_CLIENT: Statement = {
  name: 'clients.create',
  text: `
    WITH client AS (
      INSERT INTO clients (id, name, domain, allowed_subdomains, allowed_ips, public_key, livemode, realtime_secret,
                           rate_limit, total_rate_limit, origin_policy, storage_limit)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $14, $15, $16, $17, $18)
      RETURNING id, created_at
    ), counted AS (
      INSERT INTO counters (client_id, name) SELECT client.id, unnest($8::text[]) FROM client
    )
    INSERT INTO api_keys (client_id, id, name, secret_sha256, last4, scopes)
    SELECT client.id, $9, $10, $11, $12, $13 FROM client
    RETURNING (SELECT created_at FROM client) AS "createdAt"`,
};
