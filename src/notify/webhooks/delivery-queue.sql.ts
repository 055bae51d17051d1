import type { Statement } from '../../platform/database/statement.js';

/** What a worker needs to know of the endpoint it holds. */
const TARGET = `
  endpoint.url, endpoint.failures_in_a_row AS "failuresInARow", client.livemode,
  CASE WHEN endpoint.previous_secret_until > now() THEN ARRAY[endpoint.secret, endpoint.previous_secret]
    ELSE ARRAY[endpoint.secret] END AS secrets`;

/**
 * Of no client: the worker serves them all. Up to `$2` endpoints that wait for a worker: enabled, not paused, held by
 * nobody, and with a delivery that is due. From the endpoints to their deliveries, because a dead one may have a
 * million that are due. No more than `$3` of one client, those that answer before those that do not; each client's
 * first before anybody's second; none of the clients `$1`, who have as many under way.
 */
export const SWEEP: Statement = {
  name: 'webhook_queue.sweep',
  text: `
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
    ORDER BY turn LIMIT $2`,
};

/**
 * Process `$3` takes endpoint `$2`. No row: there is nothing to take, another holds it, or this process is not known.
 */
export const LEASE: Statement = {
  name: 'webhook_queue.lease',
  text: `
    UPDATE webhook_endpoints endpoint SET leased_by = $3
    FROM clients client
    WHERE endpoint.client_id = $1 AND endpoint.id = $2 AND endpoint.leased_by IS NULL AND endpoint.enabled
      AND (endpoint.paused_until IS NULL OR endpoint.paused_until <= now())
      AND client.id = endpoint.client_id AND client.disabled_at IS NULL
      AND EXISTS (SELECT FROM replicas WHERE id = $3)
    RETURNING ${TARGET}`,
};

/** Where this process (`$3`) still holds it. */
export const RELEASE: Statement = {
  name: 'webhook_queue.release',
  text: `UPDATE webhook_endpoints SET leased_by = NULL WHERE client_id = $1 AND id = $2 AND leased_by = $3`,
};

/**
 * The next `$3` deliveries that are due at endpoint `$2`, in the order of their events; none where process `$4` must
 * not go on.
 */
export const DUE: Statement = {
  name: 'webhook_queue.due',
  text: `
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
    ORDER BY next.seq`,
};

/**
 * What came of an attempt at delivery `$4` of endpoint `$2`: its status `$5`, milliseconds `$6` until the next attempt,
 * and the answer (`$7` to `$10`). The endpoint is left alone for `$11` milliseconds where it could not be reached, and
 * disabled where it is gone (`$12`) or has failed for five days. A row: process `$3` may go on with the next delivery.
 */
export const RECORD: Statement = {
  name: 'webhook_queue.record',
  text: `
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
    SELECT ${TARGET} FROM endpoint JOIN clients client ON client.id = $1
    WHERE endpoint.client_id = $1 AND endpoint.leased_by = $3 AND endpoint.enabled AND endpoint.paused_until IS NULL
      AND client.disabled_at IS NULL`,
};
