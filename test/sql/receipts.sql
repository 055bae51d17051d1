-- receipts.deliver
WITH present AS (
  SELECT member.delivered_position AS marked, member.read_position, member.message_count AS sent, member.seen_count,
         channel.last_position, channel.message_count AS said, channel.address_id, target.id AS message_id, target.position
  FROM channel_members member
  JOIN channels channel ON channel.client_id = $1 AND channel.id = $2
  LEFT JOIN LATERAL (
    SELECT last.id, last.position FROM messages last
    WHERE last.client_id = $1 AND last.channel_id = $2 AND last.position = channel.last_position
      AND $4::uuid IS NULL
    UNION ALL
    SELECT named.id, named.position FROM messages named
    WHERE named.client_id = $1 AND named.id = $4 AND named.channel_id = $2
  ) target ON true
  WHERE member.client_id = $1 AND member.channel_id = $2 AND member.customer_id = $3
), moved AS (
  UPDATE channel_members SET delivered_position = present.position
  FROM present
  WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 AND present.position > present.marked
  RETURNING present.position, present.marked, present.message_id, channel_members.seen_count, clock_timestamp() AS at
), receipt AS (
  INSERT INTO receipts (client_id, channel_id, customer_id, kind, position, at)
  SELECT $1, $2, $3, 'delivered', position, at FROM moved
), same_second AS (
  DELETE FROM receipts USING moved
  WHERE receipts.client_id = $1 AND receipts.channel_id = $2 AND receipts.customer_id = $3
    AND receipts.kind = 'delivered' AND receipts.position = moved.marked AND date_trunc('second', receipts.at) = date_trunc('second', moved.at)
), old AS (
  DELETE FROM receipts USING moved
  WHERE receipts.client_id = $1 AND receipts.channel_id = $2 AND receipts.customer_id = $3
    AND receipts.kind = 'delivered' AND receipts.position < (
      SELECT max(oldest.position) FROM (
        SELECT first.position, first.at FROM receipts first
        WHERE first.client_id = $1 AND first.channel_id = $2 AND first.customer_id = $3 AND first.kind = 'delivered'
        ORDER BY first.position LIMIT 3
      ) oldest
      WHERE oldest.at < now() - interval '90 days')
),
occurred AS (
  SELECT 'message.delivered' AS type, $2::uuid AS channel_id, $3::uuid AS customer_id,
         jsonb_build_object('customerId', $3::uuid, 'channelId', $2::uuid, 'position', position,
           'messageId', message_id) AS data
  FROM moved), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT $4::uuid IS NULL OR present.message_id IS NOT NULL AS found,
       coalesce(moved.position, present.marked) AS position,
       present.said - present.sent - coalesce(moved.seen_count, present.seen_count) AS "unreadCount", (SELECT count(*) FROM event) > 0 AS raised
FROM present LEFT JOIN moved ON true;

-- receipts.list_first
WITH heard AS MATERIALIZED (
  SELECT member.customer_id AS id, message.channel_id, message.position, message.created_at,
         CASE WHEN member.read_position >= message.position THEN 'read'
              WHEN member.delivered_position >= message.position THEN 'delivered'
              ELSE 'sent' END AS status
  FROM messages message
  JOIN channel_members member ON member.client_id = $1 AND member.channel_id = message.channel_id
    AND member.customer_id IS DISTINCT FROM message.sender_id AND member.joined_position < message.position
  WHERE message.client_id = $1 AND message.id = $4
)
SELECT (SELECT count(*)::int FROM heard) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM messages message
LEFT JOIN LATERAL (
  SELECT heard.id, heard.status, coalesce((
           SELECT receipt.at FROM receipts receipt
           WHERE receipt.client_id = $1 AND receipt.channel_id = heard.channel_id
             AND receipt.customer_id = heard.id AND receipt.kind = heard.status
             AND receipt.position >= heard.position
           ORDER BY receipt.position LIMIT 1
         ), heard.created_at) AS at
  FROM heard
  WHERE heard.id > '00000000-0000-0000-0000-000000000000'::uuid
  ORDER BY heard.id LIMIT $2
) page ON true
WHERE message.client_id = $1 AND message.id = $4 AND message.deleted_at IS NULL;

-- receipts.list
WITH heard AS MATERIALIZED (
  SELECT member.customer_id AS id, message.channel_id, message.position, message.created_at,
         CASE WHEN member.read_position >= message.position THEN 'read'
              WHEN member.delivered_position >= message.position THEN 'delivered'
              ELSE 'sent' END AS status
  FROM messages message
  JOIN channel_members member ON member.client_id = $1 AND member.channel_id = message.channel_id
    AND member.customer_id IS DISTINCT FROM message.sender_id AND member.joined_position < message.position
  WHERE message.client_id = $1 AND message.id = $4
)
SELECT (SELECT count(*)::int FROM heard) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM messages message
LEFT JOIN heard cursor ON cursor.id = $3
LEFT JOIN LATERAL (
  SELECT heard.id, heard.status, coalesce((
           SELECT receipt.at FROM receipts receipt
           WHERE receipt.client_id = $1 AND receipt.channel_id = heard.channel_id
             AND receipt.customer_id = heard.id AND receipt.kind = heard.status
             AND receipt.position >= heard.position
           ORDER BY receipt.position LIMIT 1
         ), heard.created_at) AS at
  FROM heard
  WHERE heard.id > coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid)
  ORDER BY heard.id LIMIT $2
) page ON true
WHERE message.client_id = $1 AND message.id = $4 AND message.deleted_at IS NULL;

-- receipts.list_first_desc
WITH heard AS MATERIALIZED (
  SELECT member.customer_id AS id, message.channel_id, message.position, message.created_at,
         CASE WHEN member.read_position >= message.position THEN 'read'
              WHEN member.delivered_position >= message.position THEN 'delivered'
              ELSE 'sent' END AS status
  FROM messages message
  JOIN channel_members member ON member.client_id = $1 AND member.channel_id = message.channel_id
    AND member.customer_id IS DISTINCT FROM message.sender_id AND member.joined_position < message.position
  WHERE message.client_id = $1 AND message.id = $4
)
SELECT (SELECT count(*)::int FROM heard) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM messages message
LEFT JOIN LATERAL (
  SELECT heard.id, heard.status, coalesce((
           SELECT receipt.at FROM receipts receipt
           WHERE receipt.client_id = $1 AND receipt.channel_id = heard.channel_id
             AND receipt.customer_id = heard.id AND receipt.kind = heard.status
             AND receipt.position >= heard.position
           ORDER BY receipt.position LIMIT 1
         ), heard.created_at) AS at
  FROM heard
  WHERE heard.id < 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid
  ORDER BY heard.id DESC LIMIT $2
) page ON true
WHERE message.client_id = $1 AND message.id = $4 AND message.deleted_at IS NULL;

-- receipts.list_desc
WITH heard AS MATERIALIZED (
  SELECT member.customer_id AS id, message.channel_id, message.position, message.created_at,
         CASE WHEN member.read_position >= message.position THEN 'read'
              WHEN member.delivered_position >= message.position THEN 'delivered'
              ELSE 'sent' END AS status
  FROM messages message
  JOIN channel_members member ON member.client_id = $1 AND member.channel_id = message.channel_id
    AND member.customer_id IS DISTINCT FROM message.sender_id AND member.joined_position < message.position
  WHERE message.client_id = $1 AND message.id = $4
)
SELECT (SELECT count(*)::int FROM heard) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM messages message
LEFT JOIN heard cursor ON cursor.id = $3
LEFT JOIN LATERAL (
  SELECT heard.id, heard.status, coalesce((
           SELECT receipt.at FROM receipts receipt
           WHERE receipt.client_id = $1 AND receipt.channel_id = heard.channel_id
             AND receipt.customer_id = heard.id AND receipt.kind = heard.status
             AND receipt.position >= heard.position
           ORDER BY receipt.position LIMIT 1
         ), heard.created_at) AS at
  FROM heard
  WHERE heard.id < coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
  ORDER BY heard.id DESC LIMIT $2
) page ON true
WHERE message.client_id = $1 AND message.id = $4 AND message.deleted_at IS NULL;

-- receipts.lock_member
SELECT customer_id FROM channel_members
WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 FOR NO KEY UPDATE;

-- receipts.read
WITH present AS (
  SELECT member.read_position AS marked, member.read_position, member.message_count AS sent, member.seen_count,
         channel.last_position, channel.message_count AS said, channel.address_id, target.id AS message_id, target.position
  FROM channel_members member
  JOIN channels channel ON channel.client_id = $1 AND channel.id = $2
  LEFT JOIN LATERAL (
    SELECT last.id, last.position FROM messages last
    WHERE last.client_id = $1 AND last.channel_id = $2 AND last.position = channel.last_position
      AND $4::uuid IS NULL
    UNION ALL
    SELECT named.id, named.position FROM messages named
    WHERE named.client_id = $1 AND named.id = $4 AND named.channel_id = $2
  ) target ON true
  WHERE member.client_id = $1 AND member.channel_id = $2 AND member.customer_id = $3
), moved AS (
  UPDATE channel_members SET
    read_position = present.position,
    delivered_position = greatest(delivered_position, present.position),
    seen_count = CASE
      WHEN present.position - present.read_position <= present.last_position - present.position
      THEN present.seen_count + (
      SELECT count(*)::int FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = $2
        AND message.position > present.read_position AND message.position <= present.position
        AND message.deleted_at IS NULL AND message.sender_id IS DISTINCT FROM $3 AND NOT EXISTS (
          SELECT FROM hidden_messages hidden
          WHERE hidden.client_id = $1 AND hidden.customer_id = $3 AND hidden.channel_id = $2
            AND hidden.position = message.position))
      ELSE present.said - present.sent - (
      SELECT count(*)::int FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = $2
        AND message.position > present.position AND message.position <= present.last_position
        AND message.deleted_at IS NULL AND message.sender_id IS DISTINCT FROM $3 AND NOT EXISTS (
          SELECT FROM hidden_messages hidden
          WHERE hidden.client_id = $1 AND hidden.customer_id = $3 AND hidden.channel_id = $2
            AND hidden.position = message.position))
    END
  FROM present
  WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 AND present.position > present.marked
  RETURNING present.position, present.marked, present.message_id, channel_members.seen_count, clock_timestamp() AS at
), receipt AS (
  INSERT INTO receipts (client_id, channel_id, customer_id, kind, position, at)
  SELECT $1, $2, $3, 'read', position, at FROM moved
), same_second AS (
  DELETE FROM receipts USING moved
  WHERE receipts.client_id = $1 AND receipts.channel_id = $2 AND receipts.customer_id = $3
    AND receipts.kind = 'read' AND receipts.position = moved.marked AND date_trunc('second', receipts.at) = date_trunc('second', moved.at)
), old AS (
  DELETE FROM receipts USING moved
  WHERE receipts.client_id = $1 AND receipts.channel_id = $2 AND receipts.customer_id = $3
    AND receipts.kind = 'read' AND receipts.position < (
      SELECT max(oldest.position) FROM (
        SELECT first.position, first.at FROM receipts first
        WHERE first.client_id = $1 AND first.channel_id = $2 AND first.customer_id = $3 AND first.kind = 'read'
        ORDER BY first.position LIMIT 3
      ) oldest
      WHERE oldest.at < now() - interval '90 days')
), overtaken AS (
  DELETE FROM receipts USING moved
  WHERE receipts.client_id = $1 AND receipts.channel_id = $2 AND receipts.customer_id = $3
    AND receipts.kind = 'delivered' AND receipts.position <= moved.position
),
occurred AS (
  SELECT 'message.read' AS type, $2::uuid AS channel_id, $3::uuid AS customer_id,
         jsonb_build_object('customerId', $3::uuid, 'channelId', $2::uuid, 'position', position,
           'messageId', message_id) AS data
  FROM moved), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT $4::uuid IS NULL OR present.message_id IS NOT NULL AS found,
       coalesce(moved.position, present.marked) AS position,
       present.said - present.sent - coalesce(moved.seen_count, present.seen_count) AS "unreadCount", (SELECT count(*) FROM event) > 0 AS raised,
       CASE WHEN moved.position IS NOT NULL AND present.address_id = $3 THEN read_conversation($1, $2) END AS "isTold"
FROM present LEFT JOIN moved ON true;
