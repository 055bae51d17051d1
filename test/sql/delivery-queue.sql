-- webhook_queue.due
WITH due AS MATERIALIZED (
  SELECT delivery.id, delivery.event_id, delivery.seq, delivery.attempts
  FROM webhook_endpoints endpoint
  JOIN clients client ON client.id = endpoint.client_id AND client.disabled_at IS NULL
  JOIN webhook_deliveries delivery ON delivery.client_id = $1 AND delivery.endpoint_id = endpoint.id
    AND delivery.status = 'pending' AND delivery.next_attempt_at <= now()
  WHERE endpoint.client_id = $1 AND endpoint.id = $2 AND endpoint.leased_by = $4 AND endpoint.enabled
), next AS (
  SELECT * FROM due ORDER BY seq LIMIT $3
)
SELECT next.id AS "deliveryId", next.attempts, event.id, event.type, event.data, event.created_at AS "createdAt"
FROM next JOIN events event ON event.client_id = $1 AND event.id = next.event_id
ORDER BY next.seq;

-- webhook_queue.lease
  UPDATE webhook_endpoints endpoint SET leased_by = $3
  FROM clients client
  WHERE endpoint.client_id = $1 AND endpoint.id = $2 AND endpoint.leased_by IS NULL AND endpoint.enabled
    AND (endpoint.paused_until IS NULL OR endpoint.paused_until <= now())
    AND client.id = endpoint.client_id AND client.disabled_at IS NULL
    AND EXISTS (SELECT FROM replicas WHERE id = $3)
  RETURNING
endpoint.url, endpoint.failures_in_a_row AS "failuresInARow", client.livemode,
CASE WHEN endpoint.previous_secret_until > now() THEN ARRAY[endpoint.secret, endpoint.previous_secret]
  ELSE ARRAY[endpoint.secret] END AS secrets;

-- webhook_queue.record
  WITH endpoint AS (
    UPDATE webhook_endpoints endpoint
    SET failing_since = CASE WHEN $5 = 'delivered' THEN NULL ELSE coalesce(endpoint.failing_since, now()) END,
        enabled = endpoint.enabled AND NOT $12
          AND ($5 = 'delivered' OR coalesce(endpoint.failing_since, now()) > now() - interval '5 days'),
        failures_in_a_row = CASE WHEN $11::float8 IS NULL THEN 0 ELSE endpoint.failures_in_a_row + 1 END,
        paused_until = now() + make_interval(secs => $11 / 1000.0)
    WHERE endpoint.client_id = $1 AND endpoint.id = $2
    RETURNING *
  ), recorded AS (
    UPDATE webhook_deliveries delivery
    SET status = $5, attempts = delivery.attempts + 1, last_attempt_at = now(),
        next_attempt_at = now() + make_interval(secs => $6::float8 / 1000.0),
        response_status = $7, response_body = $8, latency = $9, error = $10
    FROM endpoint
    WHERE delivery.client_id = $1 AND delivery.id = $4 AND delivery.status = 'pending'
  )
  SELECT
endpoint.url, endpoint.failures_in_a_row AS "failuresInARow", client.livemode,
CASE WHEN endpoint.previous_secret_until > now() THEN ARRAY[endpoint.secret, endpoint.previous_secret]
  ELSE ARRAY[endpoint.secret] END AS secrets FROM endpoint JOIN clients client ON client.id = $1
  WHERE endpoint.client_id = $1 AND endpoint.leased_by = $3 AND endpoint.enabled AND endpoint.paused_until IS NULL
    AND client.disabled_at IS NULL;

-- webhook_queue.release
UPDATE webhook_endpoints SET leased_by = NULL WHERE client_id = $1 AND id = $2 AND leased_by = $3;

-- webhook_queue.sweep
SELECT "clientId", "endpointId"
FROM (
  SELECT endpoint.client_id AS "clientId", endpoint.id AS "endpointId",
         row_number() OVER (PARTITION BY endpoint.client_id ORDER BY endpoint.failures_in_a_row, random()) AS turn
  FROM webhook_endpoints endpoint
  JOIN clients client ON client.id = endpoint.client_id AND client.disabled_at IS NULL
  CROSS JOIN LATERAL (
    SELECT FROM webhook_deliveries delivery
    WHERE delivery.client_id = endpoint.client_id AND delivery.endpoint_id = endpoint.id
      AND delivery.status = 'pending' AND delivery.next_attempt_at <= now()
    LIMIT 1
  ) due
  WHERE endpoint.leased_by IS NULL AND endpoint.enabled AND NOT endpoint.client_id = ANY($1::uuid[])
    AND (endpoint.paused_until IS NULL OR endpoint.paused_until <= now())
) waiting
WHERE turn <= $3
ORDER BY turn LIMIT $2;
