-- deletions.delete
WITH gone AS (
  UPDATE messages SET deleted_at = clock_timestamp(), content = '', metadata = NULL, parts = NULL
  WHERE client_id = $1 AND id = $2 AND deleted_at IS NULL
  RETURNING id, channel_id, position, sender_id
), channel AS (
  UPDATE channels
  SET message_count = message_count - 1, last_message_at = (
        SELECT newest.created_at FROM messages newest
        WHERE newest.client_id = $1 AND newest.channel_id = gone.channel_id AND newest.deleted_at IS NULL
          AND newest.position <> gone.position
        ORDER BY newest.position DESC LIMIT 1)
  FROM gone
  WHERE client_id = $1 AND channels.id = gone.channel_id
), affected AS (
  SELECT gone.*, member.customer_id, member.customer_id IS NOT DISTINCT FROM gone.sender_id AS is_author,
         hidden.position IS NOT NULL AS is_hidden
  FROM gone
  JOIN channel_members member ON member.client_id = $1 AND member.channel_id = gone.channel_id
  LEFT JOIN hidden_messages hidden ON hidden.client_id = $1 AND hidden.customer_id = member.customer_id
    AND hidden.channel_id = gone.channel_id AND hidden.position = gone.position
), member AS (
  UPDATE channel_members
  SET message_count = message_count - is_author::int,
      last_message_at = CASE WHEN is_author THEN (
      SELECT other.created_at FROM messages other
      WHERE other.client_id = $1 AND other.sender_id = gone.sender_id AND other.deleted_at IS NULL
        AND other.id <> gone.id AND other.channel_id = gone.channel_id
      ORDER BY other.created_at DESC, other.id DESC LIMIT 1)
                             ELSE last_message_at END,
      seen_count = seen_count - (NOT is_author AND (is_hidden OR gone.position <= read_position))::int,
      hidden_count = hidden_count - is_hidden::int
  FROM affected gone
  WHERE client_id = $1 AND channel_members.channel_id = gone.channel_id
    AND channel_members.customer_id = gone.customer_id
), sender AS (
  UPDATE customers
  SET message_count = message_count - 1, latest_message_at = (
      SELECT other.created_at FROM messages other
      WHERE other.client_id = $1 AND other.sender_id = gone.sender_id AND other.deleted_at IS NULL
        AND other.id <> gone.id
      ORDER BY other.created_at DESC, other.id DESC LIMIT 1)
  FROM gone
  WHERE client_id = $1 AND customers.id = gone.sender_id
  RETURNING message_count
), silent AS (
  UPDATE counters SET value = value - 1
  WHERE client_id = $1 AND name = 'active_customers' AND EXISTS (SELECT FROM sender WHERE message_count = 0)
),
occurred AS (
  SELECT 'message.deleted' AS type, channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', id, 'channelId', channel_id, 'mode', 'all_participants', 'customerId', NULL) AS data
  FROM gone), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT gone.id, (SELECT count(*) FROM event) > 0 AS raised FROM gone;

-- deletions.hide
WITH message AS (
  SELECT id, channel_id, position, sender_id FROM messages
  WHERE client_id = $1 AND id = $2 AND deleted_at IS NULL
), hidden AS (
  INSERT INTO hidden_messages (client_id, customer_id, channel_id, position)
  SELECT $1, $3, channel_id, position FROM message
  ON CONFLICT DO NOTHING
  RETURNING channel_id
), member AS (
  UPDATE channel_members
  SET hidden_count = hidden_count + 1,
      seen_count = seen_count + (message.sender_id IS DISTINCT FROM $3 AND message.position > read_position)::int
  FROM message JOIN hidden ON hidden.channel_id = message.channel_id
  WHERE client_id = $1 AND channel_members.channel_id = message.channel_id AND customer_id = $3
),
occurred AS (
  SELECT 'message.deleted' AS type, message.channel_id, $3::uuid AS customer_id,
         jsonb_build_object('id', message.id, 'channelId', message.channel_id, 'mode', 'my_devices',
           'customerId', $3::uuid) AS data
  FROM message JOIN hidden ON hidden.channel_id = message.channel_id), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT message.id, (SELECT count(*) FROM event) > 0 AS raised FROM message;

-- deletions.hold
SELECT channel_id AS "channelId", sender_id AS "senderId", parts, pg_advisory_xact_lock(hashtextextended(channel_id::text, 0)) FROM messages
WHERE client_id = $1 AND id = $2 AND deleted_at IS NULL;

-- deletions.lock_channel
SELECT id FROM channels WHERE client_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- deletions.lock_member
SELECT customer_id FROM channel_members
WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 FOR NO KEY UPDATE;

-- deletions.lock_members
SELECT customer_id FROM channel_members WHERE client_id = $1 AND channel_id = $2
ORDER BY customer_id FOR NO KEY UPDATE;

-- deletions.lock_sender
SELECT id FROM customers WHERE client_id = $1 AND id = $2 FOR NO KEY UPDATE;
