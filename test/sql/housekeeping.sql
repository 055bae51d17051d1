-- housekeeping.purge_events
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
SELECT count(*)::int AS purged FROM purged;

-- housekeeping.purge_sessions
WITH old AS (
  SELECT client_id, id FROM customer_sessions WHERE expires_at < now() - interval '30 days' LIMIT $1
), purged AS (
  DELETE FROM customer_sessions USING old
  WHERE customer_sessions.client_id = old.client_id AND customer_sessions.id = old.id
  RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- housekeeping.purge_socket_owners
WITH old AS (
  SELECT client_id, socket_id FROM socket_owners WHERE created_at < now() - interval '1 hour' LIMIT $1
), purged AS (
  DELETE FROM socket_owners USING old
  WHERE socket_owners.client_id = old.client_id AND socket_owners.socket_id = old.socket_id
  RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;
