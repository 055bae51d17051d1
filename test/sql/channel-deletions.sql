-- channel_deletions.clear
WITH present AS (
  SELECT member.read_position, channel.last_position
  FROM channel_members member
  JOIN channels channel ON channel.client_id = $1 AND channel.id = $2
  WHERE member.client_id = $1 AND member.channel_id = $2 AND member.customer_id = $3
    AND member.cleared_position IS DISTINCT FROM channel.last_position
), shown AS MATERIALIZED (
  SELECT message.position,
         message.sender_id IS DISTINCT FROM $3 AND message.position > present.read_position AS is_unread
  FROM present
  JOIN messages message ON message.client_id = $1 AND message.channel_id = $2 AND message.deleted_at IS NULL
  WHERE NOT EXISTS (
    SELECT FROM hidden_messages hidden
    WHERE hidden.client_id = $1 AND hidden.customer_id = $3 AND hidden.channel_id = $2
      AND hidden.position = message.position)
), hidden AS (
  INSERT INTO hidden_messages (client_id, customer_id, channel_id, position)
  SELECT $1, $3, $2, position FROM shown
), counted AS (
  SELECT count(*)::int AS hidden, count(*) FILTER (WHERE is_unread)::int AS seen FROM shown
), cleared AS (
  UPDATE channel_members
  SET cleared_position = present.last_position, hidden_count = hidden_count + counted.hidden,
      seen_count = seen_count + counted.seen
  FROM present, counted
  WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3
  RETURNING cleared_position
),
occurred AS (
  SELECT 'channel.cleared' AS type, $2::uuid AS channel_id, $3::uuid AS customer_id,
         jsonb_build_object('id', $2::uuid, 'customerId', $3::uuid, 'position', cleared_position) AS data
  FROM cleared), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT (SELECT count(*) FROM event) > 0 AS raised;

-- channel_deletions.count
WITH counted AS (
  UPDATE counters SET value = value - 1 WHERE client_id = $1 AND name = 'channels' RETURNING client_id
)
UPDATE counters SET value = value - 1
FROM counted JOIN channels ON channels.client_id = $1 AND channels.id = $2 AND channels.is_open
WHERE counters.client_id = $1 AND counters.name = 'open_channels';

-- channel_deletions.delete
WITH said AS MATERIALIZED (
  SELECT sender_id, count(*)::int AS count FROM messages
  WHERE client_id = $1 AND channel_id = $2 AND deleted_at IS NULL
  GROUP BY sender_id
), members AS MATERIALIZED (
  SELECT coalesce(jsonb_agg(customer_id ORDER BY customer_id), '[]') AS ids FROM channel_members
  WHERE client_id = $1 AND channel_id = $2
), gone AS (
  DELETE FROM channels WHERE client_id = $1 AND id = $2 RETURNING id, is_open, address_id
), sender AS (
  UPDATE customers
  SET message_count = message_count - said.count, latest_message_at = (
        SELECT elsewhere.created_at FROM messages elsewhere
        WHERE elsewhere.client_id = $1 AND elsewhere.sender_id = said.sender_id AND elsewhere.channel_id <> $2
          AND elsewhere.deleted_at IS NULL
        ORDER BY elsewhere.created_at DESC LIMIT 1)
  FROM said
  WHERE client_id = $1 AND customers.id = said.sender_id
  RETURNING message_count
), silent AS (
  UPDATE counters SET value = value - (SELECT count(*) FROM sender WHERE message_count = 0)
  WHERE client_id = $1 AND name = 'active_customers' AND EXISTS (SELECT FROM sender WHERE message_count = 0)
  RETURNING value
), kept AS MATERIALIZED (
  SELECT keep_conversation($1, gone.id, gone.address_id, '{}') FROM gone
  WHERE gone.address_id IS NOT NULL AND (SELECT count(*) FROM silent) >= 0
),
occurred AS (
  SELECT 'channel.deleted' AS type, gone.id AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', gone.id, 'customerIds', members.ids) || CASE WHEN gone.is_open THEN '{"isOpen": true}' ELSE '{}' END::jsonb AS data
  FROM gone, members), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT gone.id, (SELECT count(*) FROM kept) AS kept, (SELECT count(*) FROM event) > 0 AS raised FROM gone;

-- channel_deletions.hold
SELECT id, pg_advisory_xact_lock(hashtextextended(id::text, 0)) FROM channels WHERE client_id = $1 AND id = $2;

-- channel_deletions.hold_key
SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text || encode(reuse_key, 'hex'), 1)) FROM channels WHERE client_id = $1 AND id = $2;

-- channel_deletions.lock_channel
SELECT id FROM channels WHERE client_id = $1 AND id = $2 FOR UPDATE;

-- channel_deletions.lock_customers
SELECT id FROM customers
WHERE client_id = $1 AND id IN (
  SELECT message.sender_id FROM messages message WHERE message.client_id = $1 AND message.channel_id = $2
  UNION
  SELECT hidden.customer_id FROM hidden_messages hidden WHERE hidden.client_id = $1 AND hidden.channel_id = $2
  UNION
  SELECT former.customer_id FROM former_members former WHERE former.client_id = $1 AND former.channel_id = $2)
ORDER BY id FOR NO KEY UPDATE;

-- channel_deletions.lock_members
SELECT customer_id FROM channel_members WHERE client_id = $1 AND channel_id = $2
ORDER BY customer_id FOR UPDATE;
