-- live.find_start
WITH last AS (
  SELECT event.seq, event.created_at - interval '10 seconds' AS since, coalesce((
           SELECT older.seq FROM events older
           WHERE older.client_id = $1 AND older.is_public AND older.seq < event.seq
             AND older.created_at < event.created_at - interval '1 minute'
           ORDER BY older.seq DESC LIMIT 1
         ), 0) AS after
  FROM events event
  WHERE event.client_id = $1 AND event.id = $2 AND event.created_at > now() - interval '7 days' AND EXISTS (
    SELECT FROM listeners WHERE listeners.client_id = $1 AND listeners.id = $1 AND listeners.since <= event.created_at)
)
SELECT last.seq, last.since, last.after, missed.count AS missed
FROM last CROSS JOIN LATERAL (
  SELECT count(*)::int AS count FROM (
(
  SELECT event.seq FROM events event
  WHERE event.client_id = $1 AND event.is_public AND event.type IN ('message.created', 'message.deleted', 'message.read', 'delivery.updated', 'opt_out.created', 'opt_out.ended') AND (
    event.channel_id IS NULL OR EXISTS (
      SELECT FROM conversations WHERE conversations.client_id = $1 AND conversations.channel_id = event.channel_id)) AND event.seq > last.after AND (event.seq > last.seq OR event.created_at >= last.since)
  ORDER BY event.seq LIMIT $3)
UNION ALL
(
  SELECT event.seq FROM events event
  WHERE event.client_id = $1 AND NOT event.is_public AND event.type = 'conversation.updated' AND event.channel_id IS NOT NULL AND event.seq > last.after AND (event.seq > last.seq OR event.created_at >= last.since)
  ORDER BY event.seq LIMIT $3)) event
) missed;

-- live.read_missed
SELECT event.* FROM (
(
  SELECT event.seq, event.client_id AS "clientId", event.id, event.type, event.channel_id AS "channelId",
  event.customer_id AS "customerId", event.created_at AS "createdAt", event.data FROM events event
  WHERE event.client_id = $1 AND event.is_public AND event.type IN ('message.created', 'message.deleted', 'message.read', 'delivery.updated', 'opt_out.created', 'opt_out.ended') AND (
    event.channel_id IS NULL OR EXISTS (
      SELECT FROM conversations WHERE conversations.client_id = $1 AND conversations.channel_id = event.channel_id)) AND event.seq > $2 AND (event.seq > $3 OR event.created_at >= $4)
  ORDER BY event.seq LIMIT $5)
UNION ALL
(
  SELECT event.seq, event.client_id AS "clientId", event.id, event.type, event.channel_id AS "channelId",
  event.customer_id AS "customerId", event.created_at AS "createdAt", event.data FROM events event
  WHERE event.client_id = $1 AND NOT event.is_public AND event.type = 'conversation.updated' AND event.channel_id IS NOT NULL AND event.seq > $2 AND (event.seq > $3 OR event.created_at >= $4)
  ORDER BY event.seq LIMIT $5)) event
ORDER BY event.seq LIMIT $5;
