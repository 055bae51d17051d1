-- api_keys.count_live
SELECT count(*)::int AS live FROM api_keys
WHERE client_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now());

-- api_keys.create
INSERT INTO api_keys (client_id, id, name, secret_sha256, last4, scopes, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING created_at AS "createdAt";

-- api_keys.list_first
SELECT (SELECT count(*)::int FROM api_keys WHERE client_id = $1) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT client_id AS "clientId", id, name, last4, scopes, expires_at AS "expiresAt", revoked_at AS "revokedAt",
         last_used_at AS "lastUsedAt", created_at AS "createdAt"
  FROM api_keys
  WHERE client_id = $1 AND (api_keys.created_at, api_keys.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
  ORDER BY api_keys.created_at DESC, api_keys.id DESC LIMIT $2
) page ON true;

-- api_keys.list
SELECT (SELECT count(*)::int FROM api_keys WHERE client_id = $1) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN api_keys cursor ON cursor.client_id = $1 AND cursor.id = $3
LEFT JOIN LATERAL (
  SELECT client_id AS "clientId", id, name, last4, scopes, expires_at AS "expiresAt", revoked_at AS "revokedAt",
         last_used_at AS "lastUsedAt", created_at AS "createdAt"
  FROM api_keys
  WHERE client_id = $1 AND (api_keys.created_at, api_keys.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY api_keys.created_at DESC, api_keys.id DESC LIMIT $2
) page ON true;

-- api_keys.list_first_asc
SELECT (SELECT count(*)::int FROM api_keys WHERE client_id = $1) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT client_id AS "clientId", id, name, last4, scopes, expires_at AS "expiresAt", revoked_at AS "revokedAt",
         last_used_at AS "lastUsedAt", created_at AS "createdAt"
  FROM api_keys
  WHERE client_id = $1 AND (api_keys.created_at, api_keys.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid)
  ORDER BY api_keys.created_at, api_keys.id LIMIT $2
) page ON true;

-- api_keys.list_asc
SELECT (SELECT count(*)::int FROM api_keys WHERE client_id = $1) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN api_keys cursor ON cursor.client_id = $1 AND cursor.id = $3
LEFT JOIN LATERAL (
  SELECT client_id AS "clientId", id, name, last4, scopes, expires_at AS "expiresAt", revoked_at AS "revokedAt",
         last_used_at AS "lastUsedAt", created_at AS "createdAt"
  FROM api_keys
  WHERE client_id = $1 AND (api_keys.created_at, api_keys.id) > (coalesce(cursor.created_at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid))
  ORDER BY api_keys.created_at, api_keys.id LIMIT $2
) page ON true;

-- api_keys.list_numbered
SELECT counted.total AS "totalItems", page.*
FROM (SELECT count(*)::int AS total FROM api_keys WHERE client_id = $1) counted
LEFT JOIN LATERAL (SELECT
client_id AS "clientId", id, name, last4, scopes, expires_at AS "expiresAt", revoked_at AS "revokedAt",
last_used_at AS "lastUsedAt", created_at AS "createdAt" FROM api_keys WHERE client_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3) page ON true;
