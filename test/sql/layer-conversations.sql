-- conversations.find_many
SELECT CASE WHEN mine.customer_id IS NULL THEN 'former' ELSE 'member' END AS standing, channel.id, channel.type = 'general' AS "isDistinct", channel.metadata, channel.created_at AS "createdAt",
       channel.message_count - mine.hidden_count AS "totalCount",
       channel.message_count - mine.message_count - mine.seen_count AS "unreadCount",
       (
    SELECT coalesce(json_agg(json_build_object('id', customer.id, 'externalId', customer.external_id,
                      'name', customer.name, 'profile', customer.profile, 'joined', member.joined_position,
                      'delivered', member.delivered_position, 'read', member.read_position)
                    ORDER BY customer.id), '[]')
    FROM channel_members member
    JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
    WHERE member.client_id = $1 AND member.channel_id = channel.id) AS members, (
         SELECT json_build_object('id', message.id, 'position', message.position, 'content', message.content,
           'parts', message.parts, 'createdAt', message.created_at, 'sender', CASE WHEN sender.id IS NOT NULL THEN
             json_build_object('id', sender.id, 'externalId', sender.external_id, 'name', sender.name,
               'profile', sender.profile) END)
         FROM messages message
    LEFT JOIN customers sender ON sender.client_id = $1 AND sender.id = message.sender_id
         WHERE message.client_id = $1 AND message.channel_id = channel.id AND mine.customer_id IS NOT NULL
           AND message.position > coalesce(mine.cleared_position, 0) AND message.deleted_at IS NULL AND NOT EXISTS (
      SELECT FROM hidden_messages hidden
      WHERE hidden.client_id = $1 AND hidden.customer_id = $2 AND hidden.channel_id = message.channel_id
        AND hidden.position = message.position)
         ORDER BY message.position DESC LIMIT 1
       ) AS "lastMessage"
FROM channels channel
LEFT JOIN channel_members mine
  ON mine.client_id = $1 AND mine.channel_id = channel.id AND mine.customer_id = $2
LEFT JOIN former_members former
  ON former.client_id = $1 AND former.channel_id = channel.id AND former.customer_id = $2
WHERE channel.client_id = $1 AND channel.id = ANY($3::uuid[]) AND NOT channel.is_open AND (mine.customer_id IS NOT NULL OR former.customer_id IS NOT NULL)
ORDER BY channel.id;

-- conversations.find_place
SELECT CASE WHEN mine.customer_id IS NULL THEN 'former' ELSE 'member' END AS standing, (
         SELECT message.id FROM messages message
         WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.position <= $4
         ORDER BY message.position DESC LIMIT 1
       ) AS "messageId"
FROM channels channel
LEFT JOIN channel_members mine
  ON mine.client_id = $1 AND mine.channel_id = channel.id AND mine.customer_id = $2
LEFT JOIN former_members former
  ON former.client_id = $1 AND former.channel_id = channel.id AND former.customer_id = $2
WHERE channel.client_id = $1 AND channel.id = $3 AND NOT channel.is_open AND (mine.customer_id IS NOT NULL OR former.customer_id IS NOT NULL);

-- conversations.hold_metadata
SELECT metadata FROM channels WHERE client_id = $1 AND id = $2 FOR UPDATE;

-- conversations.list_by_creation
WITH listed AS MATERIALIZED (
  SELECT channel.id, channel.created_at AS at
  FROM channel_members member
  JOIN channels channel ON channel.client_id = $1 AND channel.id = member.channel_id
  WHERE member.client_id = $1 AND member.customer_id = $2 AND NOT channel.is_open
    AND (member.cleared_position IS NULL OR member.cleared_position < channel.last_position)
), cursor AS (
  SELECT channel.id, channel.created_at AS at
  FROM channel_members member
  JOIN channels channel ON channel.client_id = $1 AND channel.id = member.channel_id
  WHERE member.client_id = $1 AND member.customer_id = $2 AND member.channel_id = $4 AND NOT channel.is_open
)
SELECT (SELECT count(*)::int FROM listed) AS total,
       ($4::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN cursor ON true
LEFT JOIN LATERAL (
  SELECT 'member' AS standing, channel.id, channel.type = 'general' AS "isDistinct", channel.metadata, channel.created_at AS "createdAt",
       channel.message_count - mine.hidden_count AS "totalCount",
       channel.message_count - mine.message_count - mine.seen_count AS "unreadCount",
       (
    SELECT coalesce(json_agg(json_build_object('id', customer.id, 'externalId', customer.external_id,
                      'name', customer.name, 'profile', customer.profile, 'joined', member.joined_position,
                      'delivered', member.delivered_position, 'read', member.read_position)
                    ORDER BY customer.id), '[]')
    FROM channel_members member
    JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
    WHERE member.client_id = $1 AND member.channel_id = channel.id) AS members, (
         SELECT json_build_object('id', message.id, 'position', message.position, 'content', message.content,
           'parts', message.parts, 'createdAt', message.created_at, 'sender', CASE WHEN sender.id IS NOT NULL THEN
             json_build_object('id', sender.id, 'externalId', sender.external_id, 'name', sender.name,
               'profile', sender.profile) END)
         FROM messages message
    LEFT JOIN customers sender ON sender.client_id = $1 AND sender.id = message.sender_id
         WHERE message.client_id = $1 AND message.channel_id = channel.id AND mine.customer_id IS NOT NULL
           AND message.position > coalesce(mine.cleared_position, 0) AND message.deleted_at IS NULL AND NOT EXISTS (
      SELECT FROM hidden_messages hidden
      WHERE hidden.client_id = $1 AND hidden.customer_id = $2 AND hidden.channel_id = message.channel_id
        AND hidden.position = message.position)
         ORDER BY message.position DESC LIMIT 1
       ) AS "lastMessage"
  FROM (
    SELECT listed.id, listed.at FROM listed
    WHERE (listed.at, listed.id) < (coalesce(cursor.at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
    ORDER BY listed.at DESC, listed.id DESC LIMIT $3
  ) AS chosen
  JOIN channels channel ON channel.client_id = $1 AND channel.id = chosen.id
  JOIN channel_members mine ON mine.client_id = $1 AND mine.channel_id = chosen.id AND mine.customer_id = $2
  ORDER BY chosen.at DESC, chosen.id DESC
) page ON true;

-- conversations.list_by_last_message
WITH listed AS MATERIALIZED (
  SELECT channel.id, coalesce(channel.last_message_at, channel.created_at) AS at
  FROM channel_members member
  JOIN channels channel ON channel.client_id = $1 AND channel.id = member.channel_id
  WHERE member.client_id = $1 AND member.customer_id = $2 AND NOT channel.is_open
    AND (member.cleared_position IS NULL OR member.cleared_position < channel.last_position)
), cursor AS (
  SELECT channel.id, coalesce(channel.last_message_at, channel.created_at) AS at
  FROM channel_members member
  JOIN channels channel ON channel.client_id = $1 AND channel.id = member.channel_id
  WHERE member.client_id = $1 AND member.customer_id = $2 AND member.channel_id = $4 AND NOT channel.is_open
)
SELECT (SELECT count(*)::int FROM listed) AS total,
       ($4::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN cursor ON true
LEFT JOIN LATERAL (
  SELECT 'member' AS standing, channel.id, channel.type = 'general' AS "isDistinct", channel.metadata, channel.created_at AS "createdAt",
       channel.message_count - mine.hidden_count AS "totalCount",
       channel.message_count - mine.message_count - mine.seen_count AS "unreadCount",
       (
    SELECT coalesce(json_agg(json_build_object('id', customer.id, 'externalId', customer.external_id,
                      'name', customer.name, 'profile', customer.profile, 'joined', member.joined_position,
                      'delivered', member.delivered_position, 'read', member.read_position)
                    ORDER BY customer.id), '[]')
    FROM channel_members member
    JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
    WHERE member.client_id = $1 AND member.channel_id = channel.id) AS members, (
         SELECT json_build_object('id', message.id, 'position', message.position, 'content', message.content,
           'parts', message.parts, 'createdAt', message.created_at, 'sender', CASE WHEN sender.id IS NOT NULL THEN
             json_build_object('id', sender.id, 'externalId', sender.external_id, 'name', sender.name,
               'profile', sender.profile) END)
         FROM messages message
    LEFT JOIN customers sender ON sender.client_id = $1 AND sender.id = message.sender_id
         WHERE message.client_id = $1 AND message.channel_id = channel.id AND mine.customer_id IS NOT NULL
           AND message.position > coalesce(mine.cleared_position, 0) AND message.deleted_at IS NULL AND NOT EXISTS (
      SELECT FROM hidden_messages hidden
      WHERE hidden.client_id = $1 AND hidden.customer_id = $2 AND hidden.channel_id = message.channel_id
        AND hidden.position = message.position)
         ORDER BY message.position DESC LIMIT 1
       ) AS "lastMessage"
  FROM (
    SELECT listed.id, listed.at FROM listed
    WHERE (listed.at, listed.id) < (coalesce(cursor.at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
    ORDER BY listed.at DESC, listed.id DESC LIMIT $3
  ) AS chosen
  JOIN channels channel ON channel.client_id = $1 AND channel.id = chosen.id
  JOIN channel_members mine ON mine.client_id = $1 AND mine.channel_id = chosen.id AND mine.customer_id = $2
  ORDER BY chosen.at DESC, chosen.id DESC
) page ON true;
