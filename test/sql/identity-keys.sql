-- identity_keys.create
WITH listener AS (
  INSERT INTO listeners (client_id, id)
  SELECT $1, $2 WHERE (SELECT count(*) FROM identity_keys WHERE client_id = $1) < $5
  ON CONFLICT (client_id, id) DO NOTHING
  RETURNING id
)
INSERT INTO identity_keys (client_id, id, algorithm, public_key)
SELECT $1, listener.id, $3, $4 FROM listener
RETURNING id, algorithm, public_key AS "publicKey", created_at AS "createdAt";

-- identity_keys.find
SELECT id, algorithm, public_key AS "publicKey", created_at AS "createdAt" FROM identity_keys WHERE client_id = $1 AND id = $2;

-- identity_keys.list_first
SELECT (SELECT count(*)::int FROM identity_keys WHERE client_id = $1) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT id, algorithm, public_key AS "publicKey", created_at AS "createdAt" FROM identity_keys
  WHERE client_id = $1 AND (identity_keys.created_at, identity_keys.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
  ORDER BY identity_keys.created_at DESC, identity_keys.id DESC LIMIT $2
) page ON true;

-- identity_keys.list
SELECT (SELECT count(*)::int FROM identity_keys WHERE client_id = $1) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN identity_keys cursor ON cursor.client_id = $1 AND cursor.id = $3
LEFT JOIN LATERAL (
  SELECT id, algorithm, public_key AS "publicKey", created_at AS "createdAt" FROM identity_keys
  WHERE client_id = $1 AND (identity_keys.created_at, identity_keys.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY identity_keys.created_at DESC, identity_keys.id DESC LIMIT $2
) page ON true;

-- identity_keys.list_first_asc
SELECT (SELECT count(*)::int FROM identity_keys WHERE client_id = $1) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT id, algorithm, public_key AS "publicKey", created_at AS "createdAt" FROM identity_keys
  WHERE client_id = $1 AND (identity_keys.created_at, identity_keys.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid)
  ORDER BY identity_keys.created_at, identity_keys.id LIMIT $2
) page ON true;

-- identity_keys.list_asc
SELECT (SELECT count(*)::int FROM identity_keys WHERE client_id = $1) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN identity_keys cursor ON cursor.client_id = $1 AND cursor.id = $3
LEFT JOIN LATERAL (
  SELECT id, algorithm, public_key AS "publicKey", created_at AS "createdAt" FROM identity_keys
  WHERE client_id = $1 AND (identity_keys.created_at, identity_keys.id) > (coalesce(cursor.created_at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid))
  ORDER BY identity_keys.created_at, identity_keys.id LIMIT $2
) page ON true;

-- identity_keys.remove
DELETE FROM listeners listener USING identity_keys key
WHERE listener.client_id = $1 AND listener.id = $2 AND key.client_id = $1 AND key.id = listener.id
RETURNING listener.id;
