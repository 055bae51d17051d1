-- devices.list_first
SELECT (SELECT count(*)::int FROM devices WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM customers owner
LEFT JOIN LATERAL (
  SELECT device.id, device.customer_id AS "customerId", device.device_id AS "deviceId", device.provider,
       device.token, device.bundle_id AS "bundleId", device.created_at AS "createdAt" FROM devices device
  WHERE device.client_id = $1 AND device.customer_id = $4 AND (device.created_at, device.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
  ORDER BY device.created_at DESC, device.id DESC LIMIT $2
) page ON true
WHERE owner.client_id = $1 AND owner.id = $4;

-- devices.list
SELECT (SELECT count(*)::int FROM devices WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM customers owner
LEFT JOIN devices cursor ON cursor.client_id = $1 AND cursor.customer_id = $4 AND cursor.id = $3
LEFT JOIN LATERAL (
  SELECT device.id, device.customer_id AS "customerId", device.device_id AS "deviceId", device.provider,
       device.token, device.bundle_id AS "bundleId", device.created_at AS "createdAt" FROM devices device
  WHERE device.client_id = $1 AND device.customer_id = $4 AND (device.created_at, device.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY device.created_at DESC, device.id DESC LIMIT $2
) page ON true
WHERE owner.client_id = $1 AND owner.id = $4;

-- devices.list_first_asc
SELECT (SELECT count(*)::int FROM devices WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM customers owner
LEFT JOIN LATERAL (
  SELECT device.id, device.customer_id AS "customerId", device.device_id AS "deviceId", device.provider,
       device.token, device.bundle_id AS "bundleId", device.created_at AS "createdAt" FROM devices device
  WHERE device.client_id = $1 AND device.customer_id = $4 AND (device.created_at, device.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid)
  ORDER BY device.created_at, device.id LIMIT $2
) page ON true
WHERE owner.client_id = $1 AND owner.id = $4;

-- devices.list_asc
SELECT (SELECT count(*)::int FROM devices WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM customers owner
LEFT JOIN devices cursor ON cursor.client_id = $1 AND cursor.customer_id = $4 AND cursor.id = $3
LEFT JOIN LATERAL (
  SELECT device.id, device.customer_id AS "customerId", device.device_id AS "deviceId", device.provider,
       device.token, device.bundle_id AS "bundleId", device.created_at AS "createdAt" FROM devices device
  WHERE device.client_id = $1 AND device.customer_id = $4 AND (device.created_at, device.id) > (coalesce(cursor.created_at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid))
  ORDER BY device.created_at, device.id LIMIT $2
) page ON true
WHERE owner.client_id = $1 AND owner.id = $4;

-- devices.lock_owner
SELECT id FROM customers WHERE client_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- devices.register
WITH displaced AS (
  DELETE FROM devices
  WHERE client_id = $1 AND provider = $5 AND token = $6 AND (customer_id <> $3 OR device_id <> $4)
), device AS (
  INSERT INTO devices (client_id, id, customer_id, device_id, provider, token, keys, bundle_id)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8
  WHERE (
    SELECT count(*) FROM devices other
    WHERE other.client_id = $1 AND other.customer_id = $3 AND other.device_id <> $4
      AND (other.provider <> $5 OR other.token <> $6)
  ) < $9
  ON CONFLICT (client_id, customer_id, device_id) DO UPDATE
    SET provider = excluded.provider, token = excluded.token, keys = excluded.keys, bundle_id = excluded.bundle_id
  RETURNING *
)
SELECT device.id, device.customer_id AS "customerId", device.device_id AS "deviceId", device.provider,
       device.token, device.bundle_id AS "bundleId", device.created_at AS "createdAt" FROM device;

-- devices.remove
DELETE FROM devices WHERE client_id = $1 AND customer_id = $2 AND (id = $3 OR device_id = $4)
RETURNING id;

-- devices.remove_all
WITH removed AS (
  DELETE FROM devices WHERE client_id = $1 AND customer_id = $2
)
SELECT id FROM customers WHERE client_id = $1 AND id = $2;
