-- clients.create
WITH client AS (
  INSERT INTO clients (id, name, domain, allowed_subdomains, allowed_ips, public_key, livemode, realtime_secret,
                       rate_limit, total_rate_limit, origin_policy, storage_limit)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $14, $15, $16, $17, $18)
  RETURNING id, number, created_at
), counted AS (
  INSERT INTO counters (client_id, name) SELECT client.id, unnest($8::text[]) FROM client
), key AS (
  INSERT INTO api_keys (client_id, id, name, secret_sha256, last4, scopes)
  SELECT client.id, $9, $10, $11, $12, $13 FROM client WHERE $9::uuid IS NOT NULL
)
SELECT number::text, created_at AS "createdAt" FROM client;

-- clients.find
SELECT
client.id, client.number::text, client.name, client.domain, client.allowed_subdomains AS "allowedSubdomains",
client.allowed_ips AS "allowedIps", client.public_key AS "publicKey", client.livemode,
client.realtime_secret AS "realtimeSecret", client.rate_limit AS "rateLimit",
client.total_rate_limit AS "totalRateLimit", client.origin_policy AS "originPolicy",
client.rates,
client.storage_limit::float8 AS "storageLimit", (
  SELECT coalesce(sum(bytes), 0)::float8 FROM storage_uses used WHERE used.client_id = client.id
) AS "storageUsed", client.disabled_at AS "disabledAt", client.created_at AS "createdAt" FROM clients client WHERE client.id = $1;

-- clients.find_by_keys
  SELECT
client.id AS "clientId", client.livemode, client.domain, client.allowed_subdomains AS "allowedSubdomains",
client.allowed_ips AS "allowedIps", client.rate_limit AS "rateLimit", client.total_rate_limit AS "totalRateLimit",
client.origin_policy AS "originPolicy", client.public_key AS "publicKey", client.realtime_secret AS "realtimeSecret",
key.id AS "keyId", key.scopes, key.expires_at AS "expiresAt", key.last_used_at AS "lastUsedAt"
  FROM clients client
  LEFT JOIN api_keys key ON key.client_id = client.id AND key.secret_sha256 = $2 AND key.revoked_at IS NULL
  WHERE client.public_key = $1 AND client.disabled_at IS NULL;

-- clients.find_by_secret
  SELECT
client.id AS "clientId", client.livemode, client.domain, client.allowed_subdomains AS "allowedSubdomains",
client.allowed_ips AS "allowedIps", client.rate_limit AS "rateLimit", client.total_rate_limit AS "totalRateLimit",
client.origin_policy AS "originPolicy", client.public_key AS "publicKey", client.realtime_secret AS "realtimeSecret",
key.id AS "keyId", key.scopes, key.expires_at AS "expiresAt", key.last_used_at AS "lastUsedAt"
  FROM api_keys key JOIN clients client ON client.id = key.client_id
  WHERE key.secret_sha256 = $1 AND key.revoked_at IS NULL AND client.disabled_at IS NULL;

-- clients.find_rates
SELECT rates FROM clients WHERE id = $1;

-- clients.list_first
  SELECT (SELECT count(*)::int FROM clients) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM (SELECT $1::uuid) AS nobody
  LEFT JOIN LATERAL (
    SELECT
client.id, client.number::text, client.name, client.domain, client.allowed_subdomains AS "allowedSubdomains",
client.allowed_ips AS "allowedIps", client.public_key AS "publicKey", client.livemode,
client.realtime_secret AS "realtimeSecret", client.rate_limit AS "rateLimit",
client.total_rate_limit AS "totalRateLimit", client.origin_policy AS "originPolicy",
client.rates,
client.storage_limit::float8 AS "storageLimit", (
  SELECT coalesce(sum(bytes), 0)::float8 FROM storage_uses used WHERE used.client_id = client.id
) AS "storageUsed", client.disabled_at AS "disabledAt", client.created_at AS "createdAt" FROM clients client WHERE (client.created_at, client.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) ORDER BY client.created_at DESC, client.id DESC LIMIT $2
  ) page ON true;

-- clients.list
  SELECT (SELECT count(*)::int FROM clients) AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM (SELECT $1::uuid) AS nobody
  LEFT JOIN clients cursor ON cursor.id = $3
  LEFT JOIN LATERAL (
    SELECT
client.id, client.number::text, client.name, client.domain, client.allowed_subdomains AS "allowedSubdomains",
client.allowed_ips AS "allowedIps", client.public_key AS "publicKey", client.livemode,
client.realtime_secret AS "realtimeSecret", client.rate_limit AS "rateLimit",
client.total_rate_limit AS "totalRateLimit", client.origin_policy AS "originPolicy",
client.rates,
client.storage_limit::float8 AS "storageLimit", (
  SELECT coalesce(sum(bytes), 0)::float8 FROM storage_uses used WHERE used.client_id = client.id
) AS "storageUsed", client.disabled_at AS "disabledAt", client.created_at AS "createdAt" FROM clients client WHERE (client.created_at, client.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)) ORDER BY client.created_at DESC, client.id DESC LIMIT $2
  ) page ON true;

-- clients.list_first_asc
  SELECT (SELECT count(*)::int FROM clients) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM (SELECT $1::uuid) AS nobody
  LEFT JOIN LATERAL (
    SELECT
client.id, client.number::text, client.name, client.domain, client.allowed_subdomains AS "allowedSubdomains",
client.allowed_ips AS "allowedIps", client.public_key AS "publicKey", client.livemode,
client.realtime_secret AS "realtimeSecret", client.rate_limit AS "rateLimit",
client.total_rate_limit AS "totalRateLimit", client.origin_policy AS "originPolicy",
client.rates,
client.storage_limit::float8 AS "storageLimit", (
  SELECT coalesce(sum(bytes), 0)::float8 FROM storage_uses used WHERE used.client_id = client.id
) AS "storageUsed", client.disabled_at AS "disabledAt", client.created_at AS "createdAt" FROM clients client WHERE (client.created_at, client.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid) ORDER BY client.created_at, client.id LIMIT $2
  ) page ON true;

-- clients.list_asc
  SELECT (SELECT count(*)::int FROM clients) AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM (SELECT $1::uuid) AS nobody
  LEFT JOIN clients cursor ON cursor.id = $3
  LEFT JOIN LATERAL (
    SELECT
client.id, client.number::text, client.name, client.domain, client.allowed_subdomains AS "allowedSubdomains",
client.allowed_ips AS "allowedIps", client.public_key AS "publicKey", client.livemode,
client.realtime_secret AS "realtimeSecret", client.rate_limit AS "rateLimit",
client.total_rate_limit AS "totalRateLimit", client.origin_policy AS "originPolicy",
client.rates,
client.storage_limit::float8 AS "storageLimit", (
  SELECT coalesce(sum(bytes), 0)::float8 FROM storage_uses used WHERE used.client_id = client.id
) AS "storageUsed", client.disabled_at AS "disabledAt", client.created_at AS "createdAt" FROM clients client WHERE (client.created_at, client.id) > (coalesce(cursor.created_at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid)) ORDER BY client.created_at, client.id LIMIT $2
  ) page ON true;
