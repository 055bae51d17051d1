-- layer_messages.find_many
SELECT said.channel_id AS "channelId", channel.is_open AS "isOpen", CASE WHEN mine.customer_id IS NULL THEN 'former' ELSE 'member' END AS standing,
       (
    SELECT coalesce(json_agg(json_build_object('id', customer.id, 'externalId', customer.external_id,
                      'name', customer.name, 'profile', customer.profile, 'joined', member.joined_position,
                      'delivered', member.delivered_position, 'read', member.read_position)
                    ORDER BY customer.id), '[]')
    FROM channel_members member
    JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
    WHERE member.client_id = $1 AND member.channel_id = said.channel_id) AS members, said.messages
FROM (
  SELECT message.channel_id, json_agg(json_build_object('id', message.id, 'position', message.position, 'content', message.content,
           'parts', message.parts, 'createdAt', message.created_at, 'sender', CASE WHEN sender.id IS NOT NULL THEN
             json_build_object('id', sender.id, 'externalId', sender.external_id, 'name', sender.name,
               'profile', sender.profile) END) ORDER BY message.position) AS messages
  FROM messages message
    LEFT JOIN customers sender ON sender.client_id = $1 AND sender.id = message.sender_id
  WHERE message.client_id = $1 AND message.id = ANY($3::uuid[]) AND message.deleted_at IS NULL AND NOT EXISTS (
      SELECT FROM hidden_messages hidden
      WHERE hidden.client_id = $1 AND hidden.customer_id = $2 AND hidden.channel_id = message.channel_id
        AND hidden.position = message.position)
  GROUP BY message.channel_id
) said
JOIN channels channel ON channel.client_id = $1 AND channel.id = said.channel_id
LEFT JOIN channel_members mine
  ON mine.client_id = $1 AND mine.channel_id = said.channel_id AND mine.customer_id = $2
LEFT JOIN former_members former
  ON former.client_id = $1 AND former.channel_id = said.channel_id AND former.customer_id = $2
WHERE $2::uuid IS NULL OR (mine.customer_id IS NOT NULL OR former.customer_id IS NOT NULL)
ORDER BY said.channel_id;

-- layer_messages.list
SELECT channel.id AS "channelId", channel.is_open AS "isOpen", CASE WHEN mine.customer_id IS NULL THEN 'former' ELSE 'member' END AS standing,
       channel.message_count - coalesce(mine.hidden_count, 0) AS total,
       ($5::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", (
    SELECT coalesce(json_agg(json_build_object('id', customer.id, 'externalId', customer.external_id,
                      'name', customer.name, 'profile', customer.profile, 'joined', member.joined_position,
                      'delivered', member.delivered_position, 'read', member.read_position)
                    ORDER BY customer.id), '[]')
    FROM channel_members member
    JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
    WHERE member.client_id = $1 AND member.channel_id = channel.id) AS members,
       (SELECT coalesce(json_agg(page.message ORDER BY page.position DESC), '[]')
        FROM (
          SELECT message.position, json_build_object('id', message.id, 'position', message.position, 'content', message.content,
           'parts', message.parts, 'createdAt', message.created_at, 'sender', CASE WHEN sender.id IS NOT NULL THEN
             json_build_object('id', sender.id, 'externalId', sender.external_id, 'name', sender.name,
               'profile', sender.profile) END) AS message
          FROM messages message
    LEFT JOIN customers sender ON sender.client_id = $1 AND sender.id = message.sender_id
          WHERE message.client_id = $1 AND message.channel_id = channel.id AND mine.customer_id IS NOT NULL
            AND message.position > coalesce(mine.cleared_position, 0)
            AND message.position <= coalesce(cursor.position - 1, channel.last_position) AND message.deleted_at IS NULL AND NOT EXISTS (
      SELECT FROM hidden_messages hidden
      WHERE hidden.client_id = $1 AND hidden.customer_id = $2 AND hidden.channel_id = message.channel_id
        AND hidden.position = message.position)
          ORDER BY message.position DESC LIMIT $4
        ) AS page) AS messages
FROM channels channel
LEFT JOIN channel_members mine
  ON mine.client_id = $1 AND mine.channel_id = channel.id AND mine.customer_id = $2
LEFT JOIN former_members former
  ON former.client_id = $1 AND former.channel_id = channel.id AND former.customer_id = $2
LEFT JOIN messages cursor ON cursor.client_id = $1 AND cursor.id = $5 AND cursor.channel_id = channel.id
WHERE channel.client_id = $1 AND channel.id = $3 AND channel.is_open = $6 AND (mine.customer_id IS NOT NULL OR former.customer_id IS NOT NULL);
