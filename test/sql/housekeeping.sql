-- housekeeping.purge_events
WITH oldest AS (
  SELECT client_id, id FROM events ORDER BY seq LIMIT $1
), purged AS (
  DELETE FROM events USING oldest
  WHERE events.client_id = oldest.client_id AND events.id = oldest.id
    AND events.created_at < now() - interval '7 days'
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
