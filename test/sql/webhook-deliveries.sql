-- webhook_deliveries.list_first
  SELECT (SELECT count(*)::int FROM webhook_deliveries WHERE client_id = $1 AND endpoint_id = $4) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM webhook_endpoints endpoint
  LEFT JOIN LATERAL (
    SELECT
delivery.id, delivery.endpoint_id AS "endpointId", delivery.event_id AS "eventId", delivery.status,
delivery.attempts, delivery.next_attempt_at AS "nextAttemptAt", delivery.last_attempt_at AS "lastAttemptAt",
delivery.response_status AS "responseStatus", delivery.response_body AS "responseBody", delivery.latency,
delivery.error, delivery.created_at AS "createdAt", event.type
    FROM webhook_deliveries delivery
    JOIN events event ON event.client_id = $1 AND event.id = delivery.event_id
    WHERE delivery.client_id = $1 AND delivery.endpoint_id = endpoint.id AND delivery.seq < 9223372036854775807
    ORDER BY delivery.seq DESC LIMIT $2
  ) page ON true
  WHERE endpoint.client_id = $1 AND endpoint.id = $4;

-- webhook_deliveries.list
  SELECT (SELECT count(*)::int FROM webhook_deliveries WHERE client_id = $1 AND endpoint_id = $4) AS "totalCount",
         ($3::uuid IS NULL OR cursor.seq IS NOT NULL) AS "cursorFound", page.*
  FROM webhook_endpoints endpoint
  LEFT JOIN webhook_deliveries cursor
    ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.endpoint_id = endpoint.id
  LEFT JOIN LATERAL (
    SELECT
delivery.id, delivery.endpoint_id AS "endpointId", delivery.event_id AS "eventId", delivery.status,
delivery.attempts, delivery.next_attempt_at AS "nextAttemptAt", delivery.last_attempt_at AS "lastAttemptAt",
delivery.response_status AS "responseStatus", delivery.response_body AS "responseBody", delivery.latency,
delivery.error, delivery.created_at AS "createdAt", event.type
    FROM webhook_deliveries delivery
    JOIN events event ON event.client_id = $1 AND event.id = delivery.event_id
    WHERE delivery.client_id = $1 AND delivery.endpoint_id = endpoint.id AND delivery.seq < coalesce(cursor.seq, 9223372036854775807)
    ORDER BY delivery.seq DESC LIMIT $2
  ) page ON true
  WHERE endpoint.client_id = $1 AND endpoint.id = $4;

-- webhook_deliveries.list_first_asc
  SELECT (SELECT count(*)::int FROM webhook_deliveries WHERE client_id = $1 AND endpoint_id = $4) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM webhook_endpoints endpoint
  LEFT JOIN LATERAL (
    SELECT
delivery.id, delivery.endpoint_id AS "endpointId", delivery.event_id AS "eventId", delivery.status,
delivery.attempts, delivery.next_attempt_at AS "nextAttemptAt", delivery.last_attempt_at AS "lastAttemptAt",
delivery.response_status AS "responseStatus", delivery.response_body AS "responseBody", delivery.latency,
delivery.error, delivery.created_at AS "createdAt", event.type
    FROM webhook_deliveries delivery
    JOIN events event ON event.client_id = $1 AND event.id = delivery.event_id
    WHERE delivery.client_id = $1 AND delivery.endpoint_id = endpoint.id AND delivery.seq > 0
    ORDER BY delivery.seq LIMIT $2
  ) page ON true
  WHERE endpoint.client_id = $1 AND endpoint.id = $4;

-- webhook_deliveries.list_asc
  SELECT (SELECT count(*)::int FROM webhook_deliveries WHERE client_id = $1 AND endpoint_id = $4) AS "totalCount",
         ($3::uuid IS NULL OR cursor.seq IS NOT NULL) AS "cursorFound", page.*
  FROM webhook_endpoints endpoint
  LEFT JOIN webhook_deliveries cursor
    ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.endpoint_id = endpoint.id
  LEFT JOIN LATERAL (
    SELECT
delivery.id, delivery.endpoint_id AS "endpointId", delivery.event_id AS "eventId", delivery.status,
delivery.attempts, delivery.next_attempt_at AS "nextAttemptAt", delivery.last_attempt_at AS "lastAttemptAt",
delivery.response_status AS "responseStatus", delivery.response_body AS "responseBody", delivery.latency,
delivery.error, delivery.created_at AS "createdAt", event.type
    FROM webhook_deliveries delivery
    JOIN events event ON event.client_id = $1 AND event.id = delivery.event_id
    WHERE delivery.client_id = $1 AND delivery.endpoint_id = endpoint.id AND delivery.seq > coalesce(cursor.seq, 0)
    ORDER BY delivery.seq LIMIT $2
  ) page ON true
  WHERE endpoint.client_id = $1 AND endpoint.id = $4;

-- housekeeping.purge_events
WITH purged AS (
  DELETE FROM events WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM events
    WHERE seq < coalesce((
      SELECT young.seq FROM events young WHERE young.created_at >= now() - interval '7 days' ORDER BY young.seq LIMIT 1
    ), 9223372036854775807) AND NOT EXISTS (
      SELECT FROM webhook_deliveries delivery
      JOIN webhook_endpoints endpoint
        ON endpoint.client_id = delivery.client_id AND endpoint.id = delivery.endpoint_id AND endpoint.enabled
      WHERE delivery.client_id = events.client_id AND delivery.event_id = events.id AND delivery.status = 'pending')
    ORDER BY seq LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- webhook_deliveries.recover
WITH event AS MATERIALIZED (
  SELECT told.* FROM (
    (SELECT event.id, event.seq, event.type, true AS is_public FROM events event
     WHERE event.client_id = $1 AND event.is_public AND event.seq > $4 AND event.created_at >= $3
     ORDER BY event.seq LIMIT $5)
    UNION ALL
    (SELECT event.id, event.seq, event.type, false FROM events event
     WHERE event.client_id = $1 AND NOT event.is_public AND event.seq > $4 AND event.created_at >= $3
       AND event.type IN (
         SELECT unnest(one.events) FROM webhook_endpoints one WHERE one.client_id = $1 AND one.id = $2)
     ORDER BY event.seq LIMIT $5)
  ) told
  ORDER BY told.seq LIMIT $5
), recovered AS (
  INSERT INTO webhook_deliveries (client_id, id, endpoint_id, event_id, seq)
  SELECT $1, gen_random_uuid(), endpoint.id, event.id, event.seq
  FROM webhook_endpoints endpoint
  CROSS JOIN event
  LEFT JOIN webhook_deliveries made
    ON made.client_id = $1 AND made.event_id = event.id AND made.endpoint_id = endpoint.id
  WHERE endpoint.client_id = $1 AND endpoint.id = $2
    AND CASE WHEN made.id IS NOT NULL THEN made.status = 'failed'
          ELSE endpoint.events @> ARRAY[event.type]
            OR event.is_public AND endpoint.events @> '{*}' AND event.type <> 'webhook_endpoint.test' END
  FOR KEY SHARE OF endpoint
  ON CONFLICT (client_id, event_id, endpoint_id) DO UPDATE
    SET status = 'pending', attempts = 0, next_attempt_at = now() WHERE webhook_deliveries.status = 'failed'
  RETURNING 1
)
SELECT (SELECT count(*)::int FROM recovered) AS recovered, max(seq) AS last FROM event;

-- webhook_deliveries.retry
  UPDATE webhook_deliveries delivery SET status = 'pending', attempts = 0, next_attempt_at = now()
  FROM events event
  WHERE delivery.client_id = $1 AND delivery.id = $3 AND delivery.endpoint_id = $2
    AND event.client_id = $1 AND event.id = delivery.event_id
  RETURNING
delivery.id, delivery.endpoint_id AS "endpointId", delivery.event_id AS "eventId", delivery.status,
delivery.attempts, delivery.next_attempt_at AS "nextAttemptAt", delivery.last_attempt_at AS "lastAttemptAt",
delivery.response_status AS "responseStatus", delivery.response_body AS "responseBody", delivery.latency,
delivery.error, delivery.created_at AS "createdAt", event.type;

-- webhook_deliveries.test
  WITH endpoint AS (
    SELECT id FROM webhook_endpoints WHERE client_id = $1 AND id = $2 FOR KEY SHARE
  ), event AS (
    INSERT INTO events (client_id, id, type, is_public, data)
    SELECT $1, gen_random_uuid(), 'webhook_endpoint.test', true, jsonb_build_object('id', endpoint.id) FROM endpoint
    RETURNING id, seq, type
  ), delivery AS (
    INSERT INTO webhook_deliveries (client_id, id, endpoint_id, event_id, seq)
    SELECT $1, gen_random_uuid(), endpoint.id, event.id, event.seq FROM endpoint, event
    RETURNING *
  )
  SELECT
delivery.id, delivery.endpoint_id AS "endpointId", delivery.event_id AS "eventId", delivery.status,
delivery.attempts, delivery.next_attempt_at AS "nextAttemptAt", delivery.last_attempt_at AS "lastAttemptAt",
delivery.response_status AS "responseStatus", delivery.response_body AS "responseBody", delivery.latency,
delivery.error, delivery.created_at AS "createdAt", event.type, (SELECT count(*) FROM event) > 0 AS raised FROM delivery, event;
