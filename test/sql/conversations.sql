-- conversations.list_conversations_first
WITH owner AS (
  SELECT id FROM customers WHERE client_id = $1 AND email = $4
), shared AS (
  SELECT other.customer_id, channel.id, channel.at,
         row_number() OVER (PARTITION BY other.customer_id ORDER BY channel.at DESC, channel.id DESC) AS place
  FROM owner
  JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = owner.id
  CROSS JOIN LATERAL (
    SELECT channel.id, coalesce(channel.last_message_at, channel.created_at) AS at FROM channels channel
    WHERE channel.client_id = $1 AND channel.id = mine.channel_id LIMIT 1
  ) channel
  CROSS JOIN LATERAL (
    SELECT other.customer_id FROM channel_members other
    WHERE other.client_id = $1 AND other.channel_id = mine.channel_id AND other.customer_id <> owner.id
    ORDER BY other.channel_id, other.customer_id OFFSET 0
  ) other
), partners AS MATERIALIZED (
  SELECT customer_id AS id, max(at) AS at, count(*)::int AS "channelsCount",
         array_agg(id ORDER BY place) FILTER (WHERE place <= 20) AS channels
  FROM shared GROUP BY customer_id
)
SELECT (SELECT count(*)::int FROM partners) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM owner
LEFT JOIN LATERAL (
  SELECT customer.id, customer.name, customer.email, customer.profile ->> 'avatar_url' AS "avatarUrl",
         partners.at AS "latestMessageAt", partners."channelsCount", (
           SELECT json_agg(json_build_object(
                    'channel', json_build_object(
                      'id', channel.id, 'type', channel.type, 'name', channel.name,
                      'updatedAt', floor(extract(epoch FROM coalesce(channel.last_message_at, channel.created_at))), 'unreadCount', channel.message_count - mine.message_count - mine.seen_count),
                    'lastMessage', (
    SELECT json_build_object('id', message.id, 'channelId', message.channel_id, 'senderId', message.sender_id,
             'position', message.position, 'type', message.type, 'content', message.content,
             'metadata', message.metadata, 'parts', message.parts, 'createdAt', message.created_at)
    FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.deleted_at IS NULL
      AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.position DESC LIMIT 1)) ORDER BY one.place)
           FROM unnest(partners.channels) WITH ORDINALITY AS one (id, place)
           CROSS JOIN LATERAL (
             SELECT * FROM channels channel WHERE channel.client_id = $1 AND channel.id = one.id LIMIT 1
           ) channel
           CROSS JOIN LATERAL (
             SELECT mine.message_count, mine.seen_count FROM channel_members mine
             WHERE mine.client_id = $1 AND mine.channel_id = one.id AND mine.customer_id = owner.id LIMIT 1
           ) mine
         ) AS channels
  FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
  WHERE (partners.at, partners.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
  ORDER BY partners.at DESC, partners.id DESC LIMIT $2
) page ON true;

-- conversations.list_conversations
WITH owner AS (
  SELECT id FROM customers WHERE client_id = $1 AND email = $4
), shared AS (
  SELECT other.customer_id, channel.id, channel.at,
         row_number() OVER (PARTITION BY other.customer_id ORDER BY channel.at DESC, channel.id DESC) AS place
  FROM owner
  JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = owner.id
  CROSS JOIN LATERAL (
    SELECT channel.id, coalesce(channel.last_message_at, channel.created_at) AS at FROM channels channel
    WHERE channel.client_id = $1 AND channel.id = mine.channel_id LIMIT 1
  ) channel
  CROSS JOIN LATERAL (
    SELECT other.customer_id FROM channel_members other
    WHERE other.client_id = $1 AND other.channel_id = mine.channel_id AND other.customer_id <> owner.id
    ORDER BY other.channel_id, other.customer_id OFFSET 0
  ) other
), partners AS MATERIALIZED (
  SELECT customer_id AS id, max(at) AS at, count(*)::int AS "channelsCount",
         array_agg(id ORDER BY place) FILTER (WHERE place <= 20) AS channels
  FROM shared GROUP BY customer_id
)
SELECT (SELECT count(*)::int FROM partners) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM owner
LEFT JOIN partners cursor ON cursor.id = $3
LEFT JOIN LATERAL (
  SELECT customer.id, customer.name, customer.email, customer.profile ->> 'avatar_url' AS "avatarUrl",
         partners.at AS "latestMessageAt", partners."channelsCount", (
           SELECT json_agg(json_build_object(
                    'channel', json_build_object(
                      'id', channel.id, 'type', channel.type, 'name', channel.name,
                      'updatedAt', floor(extract(epoch FROM coalesce(channel.last_message_at, channel.created_at))), 'unreadCount', channel.message_count - mine.message_count - mine.seen_count),
                    'lastMessage', (
    SELECT json_build_object('id', message.id, 'channelId', message.channel_id, 'senderId', message.sender_id,
             'position', message.position, 'type', message.type, 'content', message.content,
             'metadata', message.metadata, 'parts', message.parts, 'createdAt', message.created_at)
    FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.deleted_at IS NULL
      AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.position DESC LIMIT 1)) ORDER BY one.place)
           FROM unnest(partners.channels) WITH ORDINALITY AS one (id, place)
           CROSS JOIN LATERAL (
             SELECT * FROM channels channel WHERE channel.client_id = $1 AND channel.id = one.id LIMIT 1
           ) channel
           CROSS JOIN LATERAL (
             SELECT mine.message_count, mine.seen_count FROM channel_members mine
             WHERE mine.client_id = $1 AND mine.channel_id = one.id AND mine.customer_id = owner.id LIMIT 1
           ) mine
         ) AS channels
  FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
  WHERE (partners.at, partners.id) < (coalesce(cursor.at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY partners.at DESC, partners.id DESC LIMIT $2
) page ON true;

-- conversations.list_conversations_first_asc
WITH owner AS (
  SELECT id FROM customers WHERE client_id = $1 AND email = $4
), shared AS (
  SELECT other.customer_id, channel.id, channel.at,
         row_number() OVER (PARTITION BY other.customer_id ORDER BY channel.at DESC, channel.id DESC) AS place
  FROM owner
  JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = owner.id
  CROSS JOIN LATERAL (
    SELECT channel.id, coalesce(channel.last_message_at, channel.created_at) AS at FROM channels channel
    WHERE channel.client_id = $1 AND channel.id = mine.channel_id LIMIT 1
  ) channel
  CROSS JOIN LATERAL (
    SELECT other.customer_id FROM channel_members other
    WHERE other.client_id = $1 AND other.channel_id = mine.channel_id AND other.customer_id <> owner.id
    ORDER BY other.channel_id, other.customer_id OFFSET 0
  ) other
), partners AS MATERIALIZED (
  SELECT customer_id AS id, max(at) AS at, count(*)::int AS "channelsCount",
         array_agg(id ORDER BY place) FILTER (WHERE place <= 20) AS channels
  FROM shared GROUP BY customer_id
)
SELECT (SELECT count(*)::int FROM partners) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM owner
LEFT JOIN LATERAL (
  SELECT customer.id, customer.name, customer.email, customer.profile ->> 'avatar_url' AS "avatarUrl",
         partners.at AS "latestMessageAt", partners."channelsCount", (
           SELECT json_agg(json_build_object(
                    'channel', json_build_object(
                      'id', channel.id, 'type', channel.type, 'name', channel.name,
                      'updatedAt', floor(extract(epoch FROM coalesce(channel.last_message_at, channel.created_at))), 'unreadCount', channel.message_count - mine.message_count - mine.seen_count),
                    'lastMessage', (
    SELECT json_build_object('id', message.id, 'channelId', message.channel_id, 'senderId', message.sender_id,
             'position', message.position, 'type', message.type, 'content', message.content,
             'metadata', message.metadata, 'parts', message.parts, 'createdAt', message.created_at)
    FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.deleted_at IS NULL
      AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.position DESC LIMIT 1)) ORDER BY one.place)
           FROM unnest(partners.channels) WITH ORDINALITY AS one (id, place)
           CROSS JOIN LATERAL (
             SELECT * FROM channels channel WHERE channel.client_id = $1 AND channel.id = one.id LIMIT 1
           ) channel
           CROSS JOIN LATERAL (
             SELECT mine.message_count, mine.seen_count FROM channel_members mine
             WHERE mine.client_id = $1 AND mine.channel_id = one.id AND mine.customer_id = owner.id LIMIT 1
           ) mine
         ) AS channels
  FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
  WHERE (partners.at, partners.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid)
  ORDER BY partners.at, partners.id LIMIT $2
) page ON true;

-- conversations.list_conversations_asc
WITH owner AS (
  SELECT id FROM customers WHERE client_id = $1 AND email = $4
), shared AS (
  SELECT other.customer_id, channel.id, channel.at,
         row_number() OVER (PARTITION BY other.customer_id ORDER BY channel.at DESC, channel.id DESC) AS place
  FROM owner
  JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = owner.id
  CROSS JOIN LATERAL (
    SELECT channel.id, coalesce(channel.last_message_at, channel.created_at) AS at FROM channels channel
    WHERE channel.client_id = $1 AND channel.id = mine.channel_id LIMIT 1
  ) channel
  CROSS JOIN LATERAL (
    SELECT other.customer_id FROM channel_members other
    WHERE other.client_id = $1 AND other.channel_id = mine.channel_id AND other.customer_id <> owner.id
    ORDER BY other.channel_id, other.customer_id OFFSET 0
  ) other
), partners AS MATERIALIZED (
  SELECT customer_id AS id, max(at) AS at, count(*)::int AS "channelsCount",
         array_agg(id ORDER BY place) FILTER (WHERE place <= 20) AS channels
  FROM shared GROUP BY customer_id
)
SELECT (SELECT count(*)::int FROM partners) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM owner
LEFT JOIN partners cursor ON cursor.id = $3
LEFT JOIN LATERAL (
  SELECT customer.id, customer.name, customer.email, customer.profile ->> 'avatar_url' AS "avatarUrl",
         partners.at AS "latestMessageAt", partners."channelsCount", (
           SELECT json_agg(json_build_object(
                    'channel', json_build_object(
                      'id', channel.id, 'type', channel.type, 'name', channel.name,
                      'updatedAt', floor(extract(epoch FROM coalesce(channel.last_message_at, channel.created_at))), 'unreadCount', channel.message_count - mine.message_count - mine.seen_count),
                    'lastMessage', (
    SELECT json_build_object('id', message.id, 'channelId', message.channel_id, 'senderId', message.sender_id,
             'position', message.position, 'type', message.type, 'content', message.content,
             'metadata', message.metadata, 'parts', message.parts, 'createdAt', message.created_at)
    FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.deleted_at IS NULL
      AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.position DESC LIMIT 1)) ORDER BY one.place)
           FROM unnest(partners.channels) WITH ORDINALITY AS one (id, place)
           CROSS JOIN LATERAL (
             SELECT * FROM channels channel WHERE channel.client_id = $1 AND channel.id = one.id LIMIT 1
           ) channel
           CROSS JOIN LATERAL (
             SELECT mine.message_count, mine.seen_count FROM channel_members mine
             WHERE mine.client_id = $1 AND mine.channel_id = one.id AND mine.customer_id = owner.id LIMIT 1
           ) mine
         ) AS channels
  FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
  WHERE (partners.at, partners.id) > (coalesce(cursor.at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid))
  ORDER BY partners.at, partners.id LIMIT $2
) page ON true;

-- conversations.list_for_customer_first
  SELECT (SELECT count(*)::int FROM channel_members WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM customers owner
  LEFT JOIN LATERAL (
    SELECT channel.id, channel.type, channel.name, channel.metadata,
channel.address_id AS "addressId", channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                            'avatarUrl', customer.profile ->> 'avatar_url')
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers, channel.message_count - mine.message_count - mine.seen_count AS "unreadCount", (
      SELECT json_build_object('id', message.id, 'channelId', message.channel_id, 'senderId', message.sender_id,
               'position', message.position, 'type', message.type, 'content', message.content,
               'metadata', message.metadata, 'parts', message.parts, 'createdAt', message.created_at)
      FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.deleted_at IS NULL
        AND ($5::uuid IS NULL OR NOT EXISTS (
          SELECT FROM hidden_messages hidden
          WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
            AND hidden.position = message.position))
      ORDER BY message.position DESC LIMIT 1) AS "lastMessage"
    FROM (
      SELECT member.channel_id, member.message_count, member.seen_count
      FROM channel_members member
      JOIN channels made ON made.client_id = $1 AND made.id = member.channel_id
      WHERE member.client_id = $1 AND member.customer_id = owner.id AND (made.created_at, made.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
      ORDER BY made.created_at DESC, made.id DESC LIMIT $2
    ) mine
    JOIN channels channel ON channel.client_id = $1 AND channel.id = mine.channel_id
    ORDER BY channel.created_at DESC, channel.id DESC
  ) page ON true
  WHERE owner.client_id = $1 AND owner.id = $4;

-- conversations.list_for_customer
  SELECT (SELECT count(*)::int FROM channel_members WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM customers owner
  LEFT JOIN (
    SELECT channel.id, channel.created_at FROM channels channel
    JOIN channel_members mine ON mine.client_id = $1 AND mine.channel_id = channel.id AND mine.customer_id = $4
    WHERE channel.client_id = $1 AND channel.id = $3
  ) cursor ON true
  LEFT JOIN LATERAL (
    SELECT channel.id, channel.type, channel.name, channel.metadata,
channel.address_id AS "addressId", channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                            'avatarUrl', customer.profile ->> 'avatar_url')
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers, channel.message_count - mine.message_count - mine.seen_count AS "unreadCount", (
      SELECT json_build_object('id', message.id, 'channelId', message.channel_id, 'senderId', message.sender_id,
               'position', message.position, 'type', message.type, 'content', message.content,
               'metadata', message.metadata, 'parts', message.parts, 'createdAt', message.created_at)
      FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.deleted_at IS NULL
        AND ($5::uuid IS NULL OR NOT EXISTS (
          SELECT FROM hidden_messages hidden
          WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
            AND hidden.position = message.position))
      ORDER BY message.position DESC LIMIT 1) AS "lastMessage"
    FROM (
      SELECT member.channel_id, member.message_count, member.seen_count
      FROM channel_members member
      JOIN channels made ON made.client_id = $1 AND made.id = member.channel_id
      WHERE member.client_id = $1 AND member.customer_id = owner.id AND (made.created_at, made.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
      ORDER BY made.created_at DESC, made.id DESC LIMIT $2
    ) mine
    JOIN channels channel ON channel.client_id = $1 AND channel.id = mine.channel_id
    ORDER BY channel.created_at DESC, channel.id DESC
  ) page ON true
  WHERE owner.client_id = $1 AND owner.id = $4;

-- conversations.list_for_customer_first_asc
  SELECT (SELECT count(*)::int FROM channel_members WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM customers owner
  LEFT JOIN LATERAL (
    SELECT channel.id, channel.type, channel.name, channel.metadata,
channel.address_id AS "addressId", channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                            'avatarUrl', customer.profile ->> 'avatar_url')
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers, channel.message_count - mine.message_count - mine.seen_count AS "unreadCount", (
      SELECT json_build_object('id', message.id, 'channelId', message.channel_id, 'senderId', message.sender_id,
               'position', message.position, 'type', message.type, 'content', message.content,
               'metadata', message.metadata, 'parts', message.parts, 'createdAt', message.created_at)
      FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.deleted_at IS NULL
        AND ($5::uuid IS NULL OR NOT EXISTS (
          SELECT FROM hidden_messages hidden
          WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
            AND hidden.position = message.position))
      ORDER BY message.position DESC LIMIT 1) AS "lastMessage"
    FROM (
      SELECT member.channel_id, member.message_count, member.seen_count
      FROM channel_members member
      JOIN channels made ON made.client_id = $1 AND made.id = member.channel_id
      WHERE member.client_id = $1 AND member.customer_id = owner.id AND (made.created_at, made.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid)
      ORDER BY made.created_at, made.id LIMIT $2
    ) mine
    JOIN channels channel ON channel.client_id = $1 AND channel.id = mine.channel_id
    ORDER BY channel.created_at, channel.id
  ) page ON true
  WHERE owner.client_id = $1 AND owner.id = $4;

-- conversations.list_for_customer_asc
  SELECT (SELECT count(*)::int FROM channel_members WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM customers owner
  LEFT JOIN (
    SELECT channel.id, channel.created_at FROM channels channel
    JOIN channel_members mine ON mine.client_id = $1 AND mine.channel_id = channel.id AND mine.customer_id = $4
    WHERE channel.client_id = $1 AND channel.id = $3
  ) cursor ON true
  LEFT JOIN LATERAL (
    SELECT channel.id, channel.type, channel.name, channel.metadata,
channel.address_id AS "addressId", channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                            'avatarUrl', customer.profile ->> 'avatar_url')
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers, channel.message_count - mine.message_count - mine.seen_count AS "unreadCount", (
      SELECT json_build_object('id', message.id, 'channelId', message.channel_id, 'senderId', message.sender_id,
               'position', message.position, 'type', message.type, 'content', message.content,
               'metadata', message.metadata, 'parts', message.parts, 'createdAt', message.created_at)
      FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.deleted_at IS NULL
        AND ($5::uuid IS NULL OR NOT EXISTS (
          SELECT FROM hidden_messages hidden
          WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
            AND hidden.position = message.position))
      ORDER BY message.position DESC LIMIT 1) AS "lastMessage"
    FROM (
      SELECT member.channel_id, member.message_count, member.seen_count
      FROM channel_members member
      JOIN channels made ON made.client_id = $1 AND made.id = member.channel_id
      WHERE member.client_id = $1 AND member.customer_id = owner.id AND (made.created_at, made.id) > (coalesce(cursor.created_at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid))
      ORDER BY made.created_at, made.id LIMIT $2
    ) mine
    JOIN channels channel ON channel.client_id = $1 AND channel.id = mine.channel_id
    ORDER BY channel.created_at, channel.id
  ) page ON true
  WHERE owner.client_id = $1 AND owner.id = $4;
