import type { Statement } from '../../platform/database/statement.js';

/**
 * Of no client: housekeeping, over all of them. By ctid, so that PostgreSQL goes to the rows at once, however large it takes
 * `$1`, the size of a batch, to be.
 * @param old a SELECT of the ctid of at most `$1` rows
 */
const purge = (table: string, old: string): Statement => ({
  name: `housekeeping.purge_${table}`,
  text: `
    WITH purged AS (
      DELETE FROM ${table} WHERE ctid = ANY (ARRAY(${old})) RETURNING 1
    )
    SELECT count(*)::int AS purged FROM purged`,
});

/**
 * Events are numbered as time goes by, so the old ones are found without an index on their time. Their deliveries go too,
 * also what waits for an endpoint that is disabled; but one that is still to be delivered to an enabled one stays.
 */
export const PURGE_EVENTS = purge(
  'events',
  `
        SELECT ctid FROM events
        WHERE seq < coalesce((
          SELECT young.seq FROM events young WHERE young.created_at >= now() - interval '7 days' ORDER BY young.seq LIMIT 1
        ), 9223372036854775807) AND NOT EXISTS (
          SELECT FROM webhook_deliveries delivery
          JOIN webhook_endpoints endpoint
            ON endpoint.client_id = delivery.client_id AND endpoint.id = delivery.endpoint_id AND endpoint.enabled
          WHERE delivery.client_id = events.client_id AND delivery.event_id = events.id AND delivery.status = 'pending')
        ORDER BY seq LIMIT $1`,
);

/** Who asks to subscribe does so at once; but as long as a socket is open, nobody else shall be given leave for it. */
export const PURGE_SOCKET_OWNERS = purge(
  'socket_owners',
  `
        SELECT ctid FROM socket_owners owner
        WHERE created_at < now() - interval '1 hour' AND NOT EXISTS (
          SELECT FROM open_sockets open
          WHERE open.client_id = owner.client_id AND open.customer_id = owner.customer_id)
        LIMIT $1`,
);

export const PURGE_SESSIONS = purge(
  'customer_sessions',
  `SELECT ctid FROM customer_sessions WHERE expires_at < now() - interval '30 days' LIMIT $1`,
);

/** Whoever asked for one did not come back. */
export const PURGE_NONCES = purge('nonces', `SELECT ctid FROM nonces WHERE expires_at < now() LIMIT $1`);

export const PURGE_FORMER_MEMBERS = purge(
  'former_members',
  `SELECT ctid FROM former_members WHERE left_at < now() - interval '90 days' LIMIT $1`,
);
