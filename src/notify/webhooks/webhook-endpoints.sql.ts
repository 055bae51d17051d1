import { listStatement } from '../../platform/database/list.sql.js';
import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `
  endpoint.id, endpoint.url, endpoint.events, endpoint.enabled, endpoint.description,
  endpoint.failing_since AS "failingSince", endpoint.created_at AS "createdAt"`;

/** No row: it would be one more than `$8`. Whoever asks holds the client's lock, so that nobody else adds one meanwhile. */
export const CREATE: Statement = {
  name: 'webhook_endpoints.create',
  text: `
    WITH listener AS (
      INSERT INTO listeners (client_id, id)
      SELECT $1, $2 WHERE (SELECT count(*) FROM webhook_endpoints WHERE client_id = $1) < $8
      RETURNING id
    ), endpoint AS (
      INSERT INTO webhook_endpoints (client_id, id, url, "events", enabled, description, secret)
      SELECT $1, listener.id, $3, $4, $5, $6, $7 FROM listener
      RETURNING *
    )
    SELECT ${COLUMNS} FROM endpoint`,
};

export const FIND: Statement = {
  name: 'webhook_endpoints.find',
  text: `SELECT ${COLUMNS} FROM webhook_endpoints endpoint WHERE endpoint.client_id = $1 AND endpoint.id = $2`,
};

/** By when they were made. There are few, so they are counted. */
export const LIST = listStatement('webhook_endpoints.list', 'desc', {
  total: '(SELECT count(*)::int FROM webhook_endpoints WHERE client_id = $1)',
  cursor: 'webhook_endpoints cursor ON cursor.client_id = $1 AND cursor.id = $3',
  page: ({ after, order }) => `
      SELECT ${COLUMNS} FROM webhook_endpoints endpoint
      WHERE endpoint.client_id = $1 AND ${after('endpoint')}
      ORDER BY ${order('endpoint')} LIMIT $2`,
});

/** Whether the failures so far say nothing of what the endpoint is from now on: it is elsewhere, or switched on again. */
const ANEW = '(endpoint.url <> $3 OR $5 AND NOT endpoint.enabled)';

/** Null leaves as it is; but a description is set, to null too, where `$7`. */
export const UPDATE: Statement = {
  name: 'webhook_endpoints.update',
  text: `
    UPDATE webhook_endpoints endpoint
    SET url = coalesce($3, endpoint.url), "events" = coalesce($4, endpoint.events),
        enabled = coalesce($5, endpoint.enabled),
        description = CASE WHEN $7 THEN $6 ELSE endpoint.description END,
        failing_since = CASE WHEN ${ANEW} THEN NULL ELSE endpoint.failing_since END,
        paused_until = CASE WHEN ${ANEW} THEN NULL ELSE endpoint.paused_until END,
        failures_in_a_row = CASE WHEN ${ANEW} THEN 0 ELSE endpoint.failures_in_a_row END
    WHERE endpoint.client_id = $1 AND endpoint.id = $2
    RETURNING ${COLUMNS}`,
};

/** It goes with its row in `listeners`, and its deliveries go with it, made or not. */
export const REMOVE: Statement = {
  name: 'webhook_endpoints.remove',
  text: `
    DELETE FROM listeners listener USING webhook_endpoints endpoint
    WHERE listener.client_id = $1 AND listener.id = $2 AND endpoint.client_id = $1 AND endpoint.id = listener.id
    RETURNING listener.id`,
};

export const ROTATE: Statement = {
  name: 'webhook_endpoints.rotate',
  text: `
    UPDATE webhook_endpoints endpoint
    SET secret = $3, previous_secret = endpoint.secret, previous_secret_until = now() + interval '24 hours'
    WHERE endpoint.client_id = $1 AND endpoint.id = $2
    RETURNING ${COLUMNS}`,
};
