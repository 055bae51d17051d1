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

-- housekeeping.purge_former_members
WITH purged AS (
  DELETE FROM former_members WHERE ctid = ANY (ARRAY(SELECT ctid FROM former_members WHERE left_at < now() - interval '90 days' LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- housekeeping.purge_nonces
WITH purged AS (
  DELETE FROM nonces WHERE ctid = ANY (ARRAY(SELECT ctid FROM nonces WHERE expires_at < now() LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- housekeeping.purge_customer_sessions
WITH purged AS (
  DELETE FROM customer_sessions WHERE ctid = ANY (ARRAY(SELECT ctid FROM customer_sessions WHERE expires_at < now() - interval '30 days' LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- housekeeping.purge_socket_owners
WITH purged AS (
  DELETE FROM socket_owners WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM socket_owners owner
    WHERE created_at < now() - interval '1 hour' AND NOT EXISTS (
      SELECT FROM open_sockets open
      WHERE open.client_id = owner.client_id AND open.customer_id = owner.customer_id)
    LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;
