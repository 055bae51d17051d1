-- messages.find
  SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
  WHERE message.client_id = $1 AND message.id = $2 AND
      message.deleted_at IS NULL AND ($3::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $3 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position)) AND ($3::uuid IS NULL OR EXISTS (
    SELECT FROM channel_members viewer
    WHERE viewer.client_id = $1 AND viewer.channel_id = message.channel_id AND viewer.customer_id = $3));

-- messages.list_between_first
  WITH pair AS (
    SELECT one.id AS one_id, two.id AS two_id
    FROM customers one JOIN customers two ON two.client_id = $1 AND two.email = $5
    WHERE one.client_id = $1 AND one.email = $4
  ), authors AS MATERIALIZED (
    SELECT author.channel_id, author.customer_id, author.message_count
    FROM pair
    JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = pair.one_id
    JOIN channel_members yours ON yours.client_id = $1 AND yours.channel_id = mine.channel_id
      AND yours.customer_id = pair.two_id
    JOIN channel_members author ON author.client_id = $1 AND author.channel_id = mine.channel_id
      AND author.customer_id IN (pair.one_id, pair.two_id)
  )
  SELECT (SELECT coalesce(sum(message_count), 0)::int FROM authors) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM pair
  LEFT JOIN LATERAL (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt"
    FROM authors
    CROSS JOIN LATERAL (
      SELECT * FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = authors.channel_id
        AND message.sender_id = authors.customer_id AND (message.created_at, message.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) AND message.deleted_at IS NULL
      ORDER BY message.created_at DESC, message.id DESC LIMIT $2
    ) message
    ORDER BY message.created_at DESC, message.id DESC LIMIT $2
  ) page ON true;

-- messages.list_between
  WITH pair AS (
    SELECT one.id AS one_id, two.id AS two_id
    FROM customers one JOIN customers two ON two.client_id = $1 AND two.email = $5
    WHERE one.client_id = $1 AND one.email = $4
  ), authors AS MATERIALIZED (
    SELECT author.channel_id, author.customer_id, author.message_count
    FROM pair
    JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = pair.one_id
    JOIN channel_members yours ON yours.client_id = $1 AND yours.channel_id = mine.channel_id
      AND yours.customer_id = pair.two_id
    JOIN channel_members author ON author.client_id = $1 AND author.channel_id = mine.channel_id
      AND author.customer_id IN (pair.one_id, pair.two_id)
  )
  SELECT (SELECT coalesce(sum(message_count), 0)::int FROM authors) AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM pair
  LEFT JOIN (
    SELECT message.id, message.created_at FROM messages message
    JOIN authors ON authors.channel_id = message.channel_id AND authors.customer_id = message.sender_id
    WHERE message.client_id = $1 AND message.id = $3
  ) cursor ON true
  LEFT JOIN LATERAL (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt"
    FROM authors
    CROSS JOIN LATERAL (
      SELECT * FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = authors.channel_id
        AND message.sender_id = authors.customer_id AND (message.created_at, message.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)) AND message.deleted_at IS NULL
      ORDER BY message.created_at DESC, message.id DESC LIMIT $2
    ) message
    ORDER BY message.created_at DESC, message.id DESC LIMIT $2
  ) page ON true;

-- messages.list_between_first_asc
  WITH pair AS (
    SELECT one.id AS one_id, two.id AS two_id
    FROM customers one JOIN customers two ON two.client_id = $1 AND two.email = $5
    WHERE one.client_id = $1 AND one.email = $4
  ), authors AS MATERIALIZED (
    SELECT author.channel_id, author.customer_id, author.message_count
    FROM pair
    JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = pair.one_id
    JOIN channel_members yours ON yours.client_id = $1 AND yours.channel_id = mine.channel_id
      AND yours.customer_id = pair.two_id
    JOIN channel_members author ON author.client_id = $1 AND author.channel_id = mine.channel_id
      AND author.customer_id IN (pair.one_id, pair.two_id)
  )
  SELECT (SELECT coalesce(sum(message_count), 0)::int FROM authors) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM pair
  LEFT JOIN LATERAL (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt"
    FROM authors
    CROSS JOIN LATERAL (
      SELECT * FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = authors.channel_id
        AND message.sender_id = authors.customer_id AND (message.created_at, message.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid) AND message.deleted_at IS NULL
      ORDER BY message.created_at, message.id LIMIT $2
    ) message
    ORDER BY message.created_at, message.id LIMIT $2
  ) page ON true;

-- messages.list_between_asc
  WITH pair AS (
    SELECT one.id AS one_id, two.id AS two_id
    FROM customers one JOIN customers two ON two.client_id = $1 AND two.email = $5
    WHERE one.client_id = $1 AND one.email = $4
  ), authors AS MATERIALIZED (
    SELECT author.channel_id, author.customer_id, author.message_count
    FROM pair
    JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = pair.one_id
    JOIN channel_members yours ON yours.client_id = $1 AND yours.channel_id = mine.channel_id
      AND yours.customer_id = pair.two_id
    JOIN channel_members author ON author.client_id = $1 AND author.channel_id = mine.channel_id
      AND author.customer_id IN (pair.one_id, pair.two_id)
  )
  SELECT (SELECT coalesce(sum(message_count), 0)::int FROM authors) AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM pair
  LEFT JOIN (
    SELECT message.id, message.created_at FROM messages message
    JOIN authors ON authors.channel_id = message.channel_id AND authors.customer_id = message.sender_id
    WHERE message.client_id = $1 AND message.id = $3
  ) cursor ON true
  LEFT JOIN LATERAL (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt"
    FROM authors
    CROSS JOIN LATERAL (
      SELECT * FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = authors.channel_id
        AND message.sender_id = authors.customer_id AND (message.created_at, message.id) > (coalesce(cursor.created_at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid)) AND message.deleted_at IS NULL
      ORDER BY message.created_at, message.id LIMIT $2
    ) message
    ORDER BY message.created_at, message.id LIMIT $2
  ) page ON true;

-- messages.list_by_sender_first
  SELECT sender.message_count - (
           SELECT count(*)::int FROM hidden_messages hidden
           JOIN messages message ON message.client_id = $1 AND message.channel_id = hidden.channel_id
             AND message.position = hidden.position AND message.sender_id = $4 AND message.deleted_at IS NULL
           WHERE hidden.client_id = $1 AND hidden.customer_id = $5
         ) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM customers sender
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.sender_id = $4 AND (message.created_at, message.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) AND
      message.deleted_at IS NULL AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.created_at DESC, message.id DESC LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE sender.client_id = $1 AND sender.id = $4;

-- messages.list_by_sender
  SELECT sender.message_count - (
           SELECT count(*)::int FROM hidden_messages hidden
           JOIN messages message ON message.client_id = $1 AND message.channel_id = hidden.channel_id
             AND message.position = hidden.position AND message.sender_id = $4 AND message.deleted_at IS NULL
           WHERE hidden.client_id = $1 AND hidden.customer_id = $5
         ) AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM customers sender
  LEFT JOIN messages cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.sender_id = sender.id
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.sender_id = $4 AND (message.created_at, message.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)) AND
      message.deleted_at IS NULL AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.created_at DESC, message.id DESC LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE sender.client_id = $1 AND sender.id = $4;

-- messages.list_by_sender_first_asc
  SELECT sender.message_count - (
           SELECT count(*)::int FROM hidden_messages hidden
           JOIN messages message ON message.client_id = $1 AND message.channel_id = hidden.channel_id
             AND message.position = hidden.position AND message.sender_id = $4 AND message.deleted_at IS NULL
           WHERE hidden.client_id = $1 AND hidden.customer_id = $5
         ) AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM customers sender
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.sender_id = $4 AND (message.created_at, message.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid) AND
      message.deleted_at IS NULL AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.created_at, message.id LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE sender.client_id = $1 AND sender.id = $4;

-- messages.list_by_sender_asc
  SELECT sender.message_count - (
           SELECT count(*)::int FROM hidden_messages hidden
           JOIN messages message ON message.client_id = $1 AND message.channel_id = hidden.channel_id
             AND message.position = hidden.position AND message.sender_id = $4 AND message.deleted_at IS NULL
           WHERE hidden.client_id = $1 AND hidden.customer_id = $5
         ) AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM customers sender
  LEFT JOIN messages cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.sender_id = sender.id
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.sender_id = $4 AND (message.created_at, message.id) > (coalesce(cursor.created_at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid)) AND
      message.deleted_at IS NULL AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.created_at, message.id LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE sender.client_id = $1 AND sender.id = $4;

-- messages.list_in_channel_first
  SELECT channel.message_count AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM channels channel
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = $4 AND message.position > 0 AND message.deleted_at IS NULL
    ORDER BY message.position LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE channel.client_id = $1 AND channel.id = $4;

-- messages.list_in_channel
  SELECT channel.message_count AS "totalCount",
         ($3::uuid IS NULL OR cursor.position IS NOT NULL) AS "cursorFound", page.*
  FROM channels channel
  LEFT JOIN messages cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.channel_id = channel.id
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = $4 AND message.position > coalesce(cursor.position, 0) AND message.deleted_at IS NULL
    ORDER BY message.position LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE channel.client_id = $1 AND channel.id = $4;

-- messages.list_in_channel_first_desc
  SELECT channel.message_count AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM channels channel
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = $4 AND message.position < 2147483647 AND message.deleted_at IS NULL
    ORDER BY message.position DESC LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE channel.client_id = $1 AND channel.id = $4;

-- messages.list_in_channel_desc
  SELECT channel.message_count AS "totalCount",
         ($3::uuid IS NULL OR cursor.position IS NOT NULL) AS "cursorFound", page.*
  FROM channels channel
  LEFT JOIN messages cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.channel_id = channel.id
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = $4 AND message.position < coalesce(cursor.position, 2147483647) AND message.deleted_at IS NULL
    ORDER BY message.position DESC LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE channel.client_id = $1 AND channel.id = $4;

-- messages.list_in_channel_for_first
  SELECT channel.message_count - viewer.hidden_count AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM channels channel
  JOIN channel_members viewer
    ON viewer.client_id = $1 AND viewer.channel_id = channel.id AND viewer.customer_id = $5
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = $4 AND message.position > 0 AND
      message.deleted_at IS NULL AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.position LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE channel.client_id = $1 AND channel.id = $4;

-- messages.list_in_channel_for
  SELECT channel.message_count - viewer.hidden_count AS "totalCount",
         ($3::uuid IS NULL OR cursor.position IS NOT NULL) AS "cursorFound", page.*
  FROM channels channel
  JOIN channel_members viewer
    ON viewer.client_id = $1 AND viewer.channel_id = channel.id AND viewer.customer_id = $5
  LEFT JOIN messages cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.channel_id = channel.id
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = $4 AND message.position > coalesce(cursor.position, 0) AND
      message.deleted_at IS NULL AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.position LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE channel.client_id = $1 AND channel.id = $4;

-- messages.list_in_channel_for_first_desc
  SELECT channel.message_count - viewer.hidden_count AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM channels channel
  JOIN channel_members viewer
    ON viewer.client_id = $1 AND viewer.channel_id = channel.id AND viewer.customer_id = $5
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = $4 AND message.position < 2147483647 AND
      message.deleted_at IS NULL AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.position DESC LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE channel.client_id = $1 AND channel.id = $4;

-- messages.list_in_channel_for_desc
  SELECT channel.message_count - viewer.hidden_count AS "totalCount",
         ($3::uuid IS NULL OR cursor.position IS NOT NULL) AS "cursorFound", page.*
  FROM channels channel
  JOIN channel_members viewer
    ON viewer.client_id = $1 AND viewer.channel_id = channel.id AND viewer.customer_id = $5
  LEFT JOIN messages cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.channel_id = channel.id
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt" FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = $4 AND message.position < coalesce(cursor.position, 2147483647) AND
      message.deleted_at IS NULL AND ($5::uuid IS NULL OR NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
          AND hidden.position = message.position))
    ORDER BY message.position DESC LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true
  WHERE channel.client_id = $1 AND channel.id = $4;

-- messages.notify
WITH told AS (
  UPDATE events SET data = data || jsonb_build_object('notification', $5::jsonb)
  WHERE client_id = $1 AND channel_id = $4 AND created_at = now() AND type = 'message.created' AND data->>'id' = ($3::uuid)::text
)
INSERT INTO notifications (client_id, id, message_id, channel_id, content) VALUES ($1, $2, $3, $4, $5)
RETURNING true AS raised;

-- messages.send
WITH
  target AS (SELECT $7::uuid AS channel_id, $8::uuid AS sender_id),
  member AS (
    UPDATE channel_members SET message_count = message_count + 1, last_message_at = clock_timestamp()
    FROM target
    WHERE client_id = $1 AND channel_members.channel_id = target.channel_id
      AND channel_members.customer_id = target.sender_id
    RETURNING channel_members.channel_id, channel_members.customer_id
  ), channel AS (
    UPDATE channels
    SET last_position = last_position + 1, message_count = message_count + 1,
        last_message_at = greatest(last_message_at, clock_timestamp())
    FROM member
    WHERE client_id = $1 AND channels.id = member.channel_id
    RETURNING channels.id, member.customer_id AS sender_id, last_position AS position, last_message_at AS at, address_id
  ), sender AS (
    UPDATE customers
    SET message_count = message_count + 1, latest_message_at = greatest(latest_message_at, channel.at)
    FROM channel
    WHERE client_id = $1 AND customers.id = channel.sender_id
    RETURNING channel.*, message_count = 1 OR channel.address_id IS NOT NULL AS is_followed
  ), message AS (
    INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, metadata, parts, created_at)
    SELECT $1, sender.id, sender.position, $2, sender.sender_id, $3, $4, $5, $6, sender.at FROM sender
    RETURNING *
  ) SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt", greatest(CASE WHEN EXISTS (SELECT FROM listeners WHERE client_id = $1) AND message.id IS NOT NULL THEN raise_message(message) ELSE false END, CASE WHEN (SELECT is_followed FROM sender) THEN follow_send($1, message.id, message.sender_id) ELSE false END) AS raised FROM message;

-- messages.send_by_key
WITH
  target AS (SELECT $7::uuid AS channel_id, $8::uuid AS sender_id),
  member AS (
    UPDATE channel_members SET message_count = message_count + 1, last_message_at = clock_timestamp()
    FROM target
    WHERE client_id = $1 AND channel_members.channel_id = target.channel_id
      AND channel_members.customer_id = target.sender_id
    RETURNING channel_members.channel_id, channel_members.customer_id
  ), channel AS (
    UPDATE channels
    SET last_position = last_position + 1, message_count = message_count + 1,
        last_message_at = greatest(last_message_at, clock_timestamp())
    FROM member
    WHERE client_id = $1 AND channels.id = member.channel_id
    RETURNING channels.id, member.customer_id AS sender_id, last_position AS position, last_message_at AS at, address_id
  ), sender AS (
    UPDATE customers
    SET message_count = message_count + 1, latest_message_at = greatest(latest_message_at, channel.at)
    FROM channel
    WHERE client_id = $1 AND customers.id = channel.sender_id
    RETURNING channel.*, message_count = 1 OR channel.address_id IS NOT NULL AS is_followed
  ), message AS (
    INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, metadata, parts, created_at)
    SELECT $1, sender.id, sender.position, $2, sender.sender_id, $3, $4, $5, $6, sender.at FROM sender
    RETURNING *
  )
  SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt", greatest(CASE WHEN EXISTS (SELECT FROM listeners WHERE client_id = $1) AND message.id IS NOT NULL THEN raise_message(message) ELSE false END, CASE WHEN (SELECT is_followed FROM sender) THEN follow_send($1, message.id, message.sender_id, $9::uuid) ELSE false END) AS raised FROM message;

-- messages.send_to_customer
  WITH pair AS (
    SELECT sender.id AS sender_id, recipient.id AS recipient_id
    FROM (VALUES (1)) AS one
    LEFT JOIN customers sender ON sender.client_id = $1 AND sender.email = $7
    LEFT JOIN customers recipient ON recipient.client_id = $1 AND recipient.email = $8
  ),
  target AS (
    SELECT channels.id AS channel_id, pair.sender_id
    FROM pair
    JOIN channels
      ON channels.client_id = $1 AND channels.reuse_key = sha256(convert_to(
      'general:' || least(pair.sender_id, pair.recipient_id) || ',' || greatest(pair.sender_id, pair.recipient_id),
      'UTF8'))),
  member AS (
    UPDATE channel_members SET message_count = message_count + 1, last_message_at = clock_timestamp()
    FROM target
    WHERE client_id = $1 AND channel_members.channel_id = target.channel_id
      AND channel_members.customer_id = target.sender_id
    RETURNING channel_members.channel_id, channel_members.customer_id
  ), channel AS (
    UPDATE channels
    SET last_position = last_position + 1, message_count = message_count + 1,
        last_message_at = greatest(last_message_at, clock_timestamp())
    FROM member
    WHERE client_id = $1 AND channels.id = member.channel_id
    RETURNING channels.id, member.customer_id AS sender_id, last_position AS position, last_message_at AS at, address_id
  ), sender AS (
    UPDATE customers
    SET message_count = message_count + 1, latest_message_at = greatest(latest_message_at, channel.at)
    FROM channel
    WHERE client_id = $1 AND customers.id = channel.sender_id
    RETURNING channel.*, message_count = 1 OR channel.address_id IS NOT NULL AS is_followed
  ), message AS (
    INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, metadata, parts, created_at)
    SELECT $1, sender.id, sender.position, $2, sender.sender_id, $3, $4, $5, $6, sender.at FROM sender
    RETURNING *
  )
  SELECT pair.sender_id AS "pairSenderId", pair.recipient_id AS "pairRecipientId",
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt", greatest(CASE WHEN EXISTS (SELECT FROM listeners WHERE client_id = $1) AND message.id IS NOT NULL THEN raise_message(message) ELSE false END, CASE WHEN (SELECT is_followed FROM sender) THEN follow_send($1, message.id, message.sender_id) ELSE false END) AS raised
  FROM pair LEFT JOIN message ON true;
