-- webhook_endpoints.create
  WITH listener AS (
    INSERT INTO listeners (client_id, id)
    SELECT $1, $2 WHERE (SELECT count(*) FROM webhook_endpoints WHERE client_id = $1) < $8
    RETURNING id
  ), endpoint AS (
    INSERT INTO webhook_endpoints (client_id, id, url, "events", enabled, description, secret)
    SELECT $1, listener.id, $3, $4, $5, $6, $7 FROM listener
    RETURNING *
  )
  SELECT
endpoint.id, endpoint.url, endpoint.events, endpoint.enabled, endpoint.description,
endpoint.failing_since AS "failingSince", endpoint.created_at AS "createdAt" FROM endpoint;

-- webhook_endpoints.find
SELECT
endpoint.id, endpoint.url, endpoint.events, endpoint.enabled, endpoint.description,
endpoint.failing_since AS "failingSince", endpoint.created_at AS "createdAt" FROM webhook_endpoints endpoint WHERE endpoint.client_id = $1 AND endpoint.id = $2;

-- webhook_endpoints.list_first
  SELECT (SELECT count(*)::int FROM webhook_endpoints WHERE client_id = $1) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM (VALUES (1)) AS one
  LEFT JOIN LATERAL (
    SELECT
endpoint.id, endpoint.url, endpoint.events, endpoint.enabled, endpoint.description,
endpoint.failing_since AS "failingSince", endpoint.created_at AS "createdAt" FROM webhook_endpoints endpoint
    WHERE endpoint.client_id = $1 AND (endpoint.created_at, endpoint.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
    ORDER BY endpoint.created_at DESC, endpoint.id DESC LIMIT $2
  ) page ON true;

-- webhook_endpoints.list
  SELECT (SELECT count(*)::int FROM webhook_endpoints WHERE client_id = $1) AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM (VALUES (1)) AS one
  LEFT JOIN webhook_endpoints cursor ON cursor.client_id = $1 AND cursor.id = $3
  LEFT JOIN LATERAL (
    SELECT
endpoint.id, endpoint.url, endpoint.events, endpoint.enabled, endpoint.description,
endpoint.failing_since AS "failingSince", endpoint.created_at AS "createdAt" FROM webhook_endpoints endpoint
    WHERE endpoint.client_id = $1 AND (endpoint.created_at, endpoint.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
    ORDER BY endpoint.created_at DESC, endpoint.id DESC LIMIT $2
  ) page ON true;

-- webhook_endpoints.list_first_asc
  SELECT (SELECT count(*)::int FROM webhook_endpoints WHERE client_id = $1) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM (VALUES (1)) AS one
  LEFT JOIN LATERAL (
    SELECT
endpoint.id, endpoint.url, endpoint.events, endpoint.enabled, endpoint.description,
endpoint.failing_since AS "failingSince", endpoint.created_at AS "createdAt" FROM webhook_endpoints endpoint
    WHERE endpoint.client_id = $1 AND (endpoint.created_at, endpoint.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid)
    ORDER BY endpoint.created_at, endpoint.id LIMIT $2
  ) page ON true;

-- webhook_endpoints.list_asc
  SELECT (SELECT count(*)::int FROM webhook_endpoints WHERE client_id = $1) AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM (VALUES (1)) AS one
  LEFT JOIN webhook_endpoints cursor ON cursor.client_id = $1 AND cursor.id = $3
  LEFT JOIN LATERAL (
    SELECT
endpoint.id, endpoint.url, endpoint.events, endpoint.enabled, endpoint.description,
endpoint.failing_since AS "failingSince", endpoint.created_at AS "createdAt" FROM webhook_endpoints endpoint
    WHERE endpoint.client_id = $1 AND (endpoint.created_at, endpoint.id) > (coalesce(cursor.created_at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid))
    ORDER BY endpoint.created_at, endpoint.id LIMIT $2
  ) page ON true;

-- webhook_endpoints.remove
DELETE FROM listeners listener USING webhook_endpoints endpoint
WHERE listener.client_id = $1 AND listener.id = $2 AND endpoint.client_id = $1 AND endpoint.id = listener.id
RETURNING listener.id;

-- webhook_endpoints.rotate
  UPDATE webhook_endpoints endpoint
  SET secret = $3, previous_secret = endpoint.secret, previous_secret_until = now() + interval '24 hours'
  WHERE endpoint.client_id = $1 AND endpoint.id = $2
  RETURNING
endpoint.id, endpoint.url, endpoint.events, endpoint.enabled, endpoint.description,
endpoint.failing_since AS "failingSince", endpoint.created_at AS "createdAt";

-- webhook_endpoints.update
  UPDATE webhook_endpoints endpoint
  SET url = coalesce($3, endpoint.url), "events" = coalesce($4, endpoint.events),
      enabled = coalesce($5, endpoint.enabled),
      description = CASE WHEN $7 THEN $6 ELSE endpoint.description END,
      failing_since = CASE WHEN (endpoint.url <> $3 OR $5 AND NOT endpoint.enabled) THEN NULL ELSE endpoint.failing_since END,
      paused_until = CASE WHEN (endpoint.url <> $3 OR $5 AND NOT endpoint.enabled) THEN NULL ELSE endpoint.paused_until END,
      failures_in_a_row = CASE WHEN (endpoint.url <> $3 OR $5 AND NOT endpoint.enabled) THEN 0 ELSE endpoint.failures_in_a_row END
  WHERE endpoint.client_id = $1 AND endpoint.id = $2
  RETURNING
endpoint.id, endpoint.url, endpoint.events, endpoint.enabled, endpoint.description,
endpoint.failing_since AS "failingSince", endpoint.created_at AS "createdAt";
