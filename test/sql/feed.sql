-- feed.keep
INSERT INTO listeners (client_id, id, until) VALUES ($1, $1, now() + interval '8 days')
ON CONFLICT (client_id, id) DO UPDATE SET until = excluded.until
  WHERE listeners.until < excluded.until - interval '1 hour';

-- feed.leave
DELETE FROM listeners WHERE client_id = $1 AND id = $2;

-- feed.listen
INSERT INTO listeners (client_id, id, replica_id) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING;

-- feed.position
SELECT drawn.last, ARRAY(
  SELECT number FROM generate_series(greatest(drawn.last - 999, 1), drawn.last) number
  WHERE NOT EXISTS (SELECT FROM events WHERE seq = number)) AS missing
FROM (SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM events_seq_seq) drawn;

-- housekeeping.purge_listeners
WITH purged AS (
  DELETE FROM listeners WHERE ctid = ANY (ARRAY(SELECT ctid FROM listeners WHERE until < now() LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- feed.read
SELECT event.seq, event.client_id AS "clientId", event.id, event.type, event.channel_id AS "channelId",
       event.customer_id AS "customerId", event.created_at AS "createdAt",
       CASE WHEN EXISTS (
         SELECT FROM listeners WHERE client_id = event.client_id AND id = $4) THEN event.data END AS data
FROM (
  SELECT * FROM events WHERE seq = ANY($2::bigint[])
  UNION ALL
  (SELECT * FROM events WHERE seq > $1 ORDER BY seq LIMIT $3)
) event
ORDER BY event.seq;

-- feed.writers
SELECT virtualtransaction AS name FROM pg_locks
WHERE locktype = 'relation' AND granted AND mode IN ('AccessShareLock', 'RowExclusiveLock')
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
GROUP BY virtualtransaction
HAVING bool_or(mode = 'RowExclusiveLock') AND bool_or(
  (relation, mode) IN (('listeners'::regclass, 'AccessShareLock'), ('events'::regclass, 'RowExclusiveLock')));
