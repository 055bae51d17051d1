-- layer_audience.count_missed
SELECT mine.channel_id AS "channelId", missed.count
FROM channel_members mine
CROSS JOIN LATERAL (
  SELECT count(*)::int AS count FROM (
    SELECT FROM events
    WHERE client_id = $1 AND channel_id = mine.channel_id AND created_at >= $3 LIMIT $4
  ) event
) missed
WHERE mine.client_id = $1 AND mine.customer_id = $2 AND missed.count > 0
ORDER BY missed.count, mine.channel_id;

-- layer_audience.find_acquainted
SELECT known.customer_id AS "customerId", viewer.customer_id AS "viewerId"
FROM channel_members known
JOIN channel_members viewer ON viewer.client_id = $1 AND viewer.channel_id = known.channel_id
  AND viewer.customer_id = ANY($3::uuid[])
WHERE known.client_id = $1 AND known.customer_id = ANY($2::uuid[])
UNION
SELECT followed_id, follower_id FROM follows
WHERE follows.client_id = $1 AND followed_id = ANY($2::uuid[]) AND follower_id = ANY($3::uuid[]);

-- layer_audience.find_first_missed
SELECT asked.channel_id AS "channelId", first.position
FROM unnest($2::uuid[]) AS asked (channel_id)
CROSS JOIN LATERAL (
  SELECT (event.data->>'position')::int AS position FROM events event
  WHERE event.client_id = $1 AND event.channel_id = asked.channel_id AND event.created_at >= $3
    AND event.type = 'message.created'
  ORDER BY event.created_at LIMIT 1
) first;

-- layer_audience.find_members
SELECT DISTINCT customer_id AS "customerId" FROM channel_members WHERE client_id = $1 AND channel_id = ANY($2::uuid[]);

-- layer_audience.find_moved
SELECT mark.at::int - 1 AS at, moved.id
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::int[])
  WITH ORDINALITY AS mark (channel_id, customer_id, kind, position, at)
JOIN channel_members member ON member.client_id = $1 AND member.channel_id = mark.channel_id
  AND member.customer_id = mark.customer_id
CROSS JOIN LATERAL (
  SELECT message.id, message.position FROM messages message
  WHERE message.client_id = $1 AND message.channel_id = mark.channel_id AND message.position <= mark.position
    AND message.position > greatest(member.joined_position, (
      SELECT max(receipt.position) FROM receipts receipt
      WHERE receipt.client_id = $1 AND receipt.channel_id = mark.channel_id
        AND receipt.customer_id = mark.customer_id AND receipt.kind IN ('read', mark.kind)
        AND receipt.position < mark.position))
    AND message.deleted_at IS NULL AND message.sender_id IS DISTINCT FROM mark.customer_id
  ORDER BY message.position DESC LIMIT 101
) moved
ORDER BY mark.at, moved.position DESC;

-- layer_audience.find_open
SELECT id FROM channels WHERE client_id = $1 AND id = $2 AND is_open;

-- layer_audience.find_shared
SELECT known.customer_id AS "customerId", known.channel_id AS "channelId", viewer.customer_id AS "viewerId",
       channel.is_open AS "isOpen", known.is_owner AS "isOwner"
FROM channel_members known
JOIN channels channel ON channel.client_id = $1 AND channel.id = known.channel_id
JOIN channel_members viewer ON viewer.client_id = $1 AND viewer.channel_id = known.channel_id
  AND viewer.customer_id = ANY($3::uuid[])
WHERE known.client_id = $1 AND known.customer_id = ANY($2::uuid[])
ORDER BY known.customer_id, known.channel_id;

-- layer_audience.find_watchers
SELECT member.channel_id AS "channelId", member.customer_id AS "customerId", channel.is_open AS "isOpen",
       channel.message_count - member.message_count - member.seen_count AS unread, last.id AS "lastMessageId"
FROM channel_members member
JOIN channels channel ON channel.client_id = $1 AND channel.id = member.channel_id
LEFT JOIN LATERAL (
  SELECT message.id FROM messages message
  WHERE member.channel_id = ANY($4::uuid[]) AND message.client_id = $1 AND message.channel_id = member.channel_id
    AND message.position > coalesce(member.cleared_position, 0) AND message.deleted_at IS NULL AND NOT EXISTS (
      SELECT FROM hidden_messages hidden
      WHERE hidden.client_id = $1 AND hidden.customer_id = member.customer_id
        AND hidden.channel_id = member.channel_id AND hidden.position = message.position)
  ORDER BY message.position DESC LIMIT 1
) last ON true
WHERE member.client_id = $1 AND member.channel_id = ANY($2::uuid[]) AND member.customer_id = ANY($3::uuid[]);

-- layer_audience.list_acquainted
SELECT $2::uuid AS id
UNION
SELECT other.customer_id
FROM channel_members mine
JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
WHERE mine.client_id = $1 AND mine.customer_id = $2
UNION
SELECT followed_id FROM follows WHERE client_id = $1 AND follower_id = $2
LIMIT $3;

-- layer_audience.read_missed
WITH mine AS MATERIALIZED (
  SELECT channel_id FROM channel_members WHERE client_id = $1 AND customer_id = $2
)
(SELECT event.seq, event.client_id AS "clientId", event.id, event.type, event.channel_id AS "channelId",
       event.customer_id AS "customerId", event.created_at AS "createdAt", event.data
 FROM mine
 CROSS JOIN LATERAL (
   SELECT * FROM events
   WHERE client_id = $1 AND channel_id = mine.channel_id AND created_at >= $3
   ORDER BY created_at LIMIT $4
 ) event
 WHERE $5::uuid[] IS NULL OR mine.channel_id = ANY($5) LIMIT $4)
UNION ALL
(SELECT event.seq, event.client_id AS "clientId", event.id, event.type, event.channel_id AS "channelId",
       event.customer_id AS "customerId", event.created_at AS "createdAt", event.data FROM events event
 WHERE event.client_id = $1 AND event.customer_id = $2 AND event.created_at >= $3
   AND event.type IN ('member.left', 'customer.updated', 'announcement.read', 'announcement.deleted', 'follow.created', 'follow.deleted')
   AND (event.channel_id IS NULL OR event.channel_id NOT IN (SELECT channel_id FROM mine)) LIMIT $4)
UNION ALL
(SELECT event.seq, event.client_id AS "clientId", event.id, event.type, event.channel_id AS "channelId",
       event.customer_id AS "customerId", event.created_at AS "createdAt", event.data
 FROM (
   SELECT other.customer_id
   FROM mine JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
   WHERE other.customer_id <> $2
   UNION
   SELECT followed_id FROM follows WHERE client_id = $1 AND follower_id = $2
 ) known
 CROSS JOIN LATERAL (
   SELECT * FROM events
   WHERE client_id = $1 AND customer_id = known.customer_id AND created_at >= $3
     AND type = 'customer.updated'
   ORDER BY created_at DESC LIMIT $4
 ) event LIMIT $4)
UNION ALL
(SELECT event.seq, event.client_id AS "clientId", event.id, event.type, event.channel_id AS "channelId",
       event.customer_id AS "customerId", event.created_at AS "createdAt", event.data FROM events event
 WHERE event.client_id = $1 AND event.created_at >= $3 AND event.type IN ('announcement.created', 'channel.deleted')
   AND (event.type = 'announcement.created' OR event.data->'customerIds' ? $2::text) LIMIT $4);
