-- layer_channels.find_seen
SELECT seen.customer_id AS "viewerId", channel.id, channel.name, channel.metadata, channel.created_at AS "createdAt",
       CASE WHEN member.customer_id IS NOT NULL THEN json_build_object('id', customer.id, 'externalId', customer.external_id, 'name', customer.name,
           'profile', customer.profile, 'isOwner', member.is_owner) END AS membership
FROM unnest($2::uuid[], $3::uuid[]) AS seen (channel_id, customer_id)
JOIN channels channel ON channel.client_id = $1 AND channel.id = seen.channel_id AND channel.is_open
LEFT JOIN channel_members member
  ON member.client_id = $1 AND member.channel_id = channel.id AND member.customer_id = seen.customer_id
LEFT JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id;

-- layer_channels.list
SELECT coalesce((SELECT value FROM counters WHERE client_id = $1 AND name = 'open_channels'), 0) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN channels cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.is_open
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT channel.id, channel.name, channel.metadata, channel.created_at AS "createdAt",
       CASE WHEN member.customer_id IS NOT NULL THEN json_build_object('id', customer.id, 'externalId', customer.external_id, 'name', customer.name,
           'profile', customer.profile, 'isOwner', member.is_owner) END AS membership
  FROM channels channel
LEFT JOIN channel_members member
  ON member.client_id = $1 AND member.channel_id = channel.id AND member.customer_id = $4
LEFT JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
  WHERE channel.client_id = $1 AND channel.is_open AND (channel.created_at, channel.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY channel.created_at DESC, channel.id DESC LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- layer_channels.list_members
SELECT (SELECT count(*)::int FROM channel_members member
        WHERE member.client_id = $1 AND member.channel_id = channel.id) AS total,
       EXISTS (SELECT FROM channel_members member
               WHERE member.client_id = $1 AND member.channel_id = channel.id AND member.customer_id = $3) AS "isMember",
       (SELECT coalesce(json_agg(page.membership ORDER BY page.id), '[]')
        FROM (
          SELECT customer.id, json_build_object('id', customer.id, 'externalId', customer.external_id, 'name', customer.name,
           'profile', customer.profile, 'isOwner', member.is_owner) AS membership
          FROM channel_members member
          JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
          WHERE member.client_id = $1 AND member.channel_id = channel.id
            AND ($5::uuid IS NULL OR member.customer_id > $5)
          ORDER BY member.customer_id LIMIT $4
        ) AS page) AS members
FROM channels channel
WHERE channel.client_id = $1 AND channel.id = $2 AND channel.is_open;
