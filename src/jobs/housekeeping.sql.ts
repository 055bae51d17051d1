import type { Statement } from '../database/statement.js';

/**
 * Of no client, as all that follows: housekeeping, over all of them. Events are numbered as time goes by, so the oldest
 * are found without an index on their time. Their deliveries go with them.
 */
export const PURGE_EVENTS: Statement = {
  name: 'housekeeping.purge_events',
  text: `
    WITH oldest AS (
      SELECT client_id, id FROM events ORDER BY seq LIMIT $1
    ), purged AS (
      DELETE FROM events USING oldest
      WHERE events.client_id = oldest.client_id AND events.id = oldest.id
        AND events.created_at < now() - interval '7 days'
      RETURNING 1
    )
    SELECT count(*)::int AS purged FROM purged`,
};

/** Who asks to subscribe does so at once. */
export const PURGE_SOCKET_OWNERS: Statement = {
  name: 'housekeeping.purge_socket_owners',
  text: `
    WITH old AS (
      SELECT client_id, socket_id FROM socket_owners WHERE created_at < now() - interval '1 hour' LIMIT $1
    ), purged AS (
      DELETE FROM socket_owners USING old
      WHERE socket_owners.client_id = old.client_id AND socket_owners.socket_id = old.socket_id
      RETURNING 1
    )
    SELECT count(*)::int AS purged FROM purged`,
};

export const PURGE_SESSIONS: Statement = {
  name: 'housekeeping.purge_sessions',
  text: `
    WITH old AS (
      SELECT client_id, id FROM customer_sessions WHERE expires_at < now() - interval '30 days' LIMIT $1
    ), purged AS (
      DELETE FROM customer_sessions USING old
      WHERE customer_sessions.client_id = old.client_id AND customer_sessions.id = old.id
      RETURNING 1
    )
    SELECT count(*)::int AS purged FROM purged`,
};
