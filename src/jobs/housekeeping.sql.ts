import type { Statement } from '../database/statement.js';

/**
 * Of no client, as all that follows: housekeeping, over all of them. Events are numbered as time goes by, so the oldest
 * are found without an index on their time. Their deliveries go with them; one that is still to be delivered stays, and
 * with it those that an endpoint that was disabled will get when it is enabled.
 */
export const PURGE_EVENTS: Statement = {
  name: 'housekeeping.purge_events',
  text: `
    WITH kept AS (
      SELECT seq FROM events WHERE created_at >= now() - interval '7 days' ORDER BY seq LIMIT 1
    ), old AS (
      SELECT client_id, id FROM events
      WHERE seq < coalesce((SELECT seq FROM kept), 9223372036854775807) AND NOT EXISTS (
        SELECT FROM webhook_deliveries delivery
        WHERE delivery.client_id = events.client_id AND delivery.event_id = events.id AND delivery.status = 'pending')
      ORDER BY seq LIMIT $1
    ), purged AS (
      DELETE FROM events USING old
      WHERE events.client_id = old.client_id AND events.id = old.id
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
