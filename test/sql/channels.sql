-- channels.create
WITH known AS (
  SELECT id FROM customers WHERE client_id = $1 AND id = ANY($6::uuid[])
), created AS (
  INSERT INTO channels (client_id, id, type, name, reuse_key)
  SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM known) = cardinality($6::uuid[])
  ON CONFLICT (client_id, reuse_key) DO NOTHING
  RETURNING id
), joined AS (
  INSERT INTO channel_members (client_id, channel_id, customer_id)
  SELECT $1, created.id, known.id FROM created, known
), counted AS (
  UPDATE counters SET value = value + 1
  WHERE client_id = $1 AND name = 'channels' AND EXISTS (SELECT FROM created)
),
happened AS (
  SELECT 'channel.created' AS type, id AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', id) AS data
  FROM created), event AS (
  INSERT INTO events (client_id, id, type, channel_id, customer_id, data)
  SELECT $1, gen_random_uuid(), happened.type, happened.channel_id, happened.customer_id, happened.data
  FROM happened
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
    OR EXISTS (SELECT FROM webhook_endpoints WHERE client_id = $1 AND enabled)
  RETURNING id, seq, type
), delivery AS (
  INSERT INTO webhook_deliveries (client_id, id, endpoint_id, event_id, seq)
  SELECT $1, gen_random_uuid(), endpoint.id, event.id, event.seq
  FROM event
  JOIN webhook_endpoints endpoint ON endpoint.client_id = $1 AND endpoint.enabled
    AND (endpoint.events @> ARRAY[event.type] OR endpoint.events @> '{*}' AND event.type <> 'message.delivered')
  FOR KEY SHARE OF endpoint
)
SELECT (SELECT count(*)::int FROM known) AS known, (SELECT id FROM created) AS id, EXISTS (SELECT FROM event) AS raised;

-- channels.find
SELECT channel.id, channel.type, channel.name, channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email)
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers FROM channels channel WHERE channel.client_id = $1 AND channel.id = $2;

-- channels.find_by_reuse_key
SELECT channel.id, channel.type, channel.name, channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email)
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers FROM channels channel WHERE channel.client_id = $1 AND channel.reuse_key = $2;

-- channels.find_many
SELECT channel.id, channel.type, channel.name, channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email)
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers FROM channels channel WHERE channel.client_id = $1 AND channel.id = ANY($2::uuid[]);

-- channels.list
  SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'channels') AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM (VALUES (1)) AS one
  LEFT JOIN channels cursor ON cursor.client_id = $1 AND cursor.id = $3
  LEFT JOIN LATERAL (
    SELECT channel.id, channel.type, channel.name, channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email)
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers FROM channels channel
    WHERE channel.client_id = $1 AND channel.id < coalesce($3, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
    ORDER BY channel.id DESC LIMIT $2
  ) page ON true;

-- channels.list_conversations
WITH owner AS (
  SELECT id FROM customers WHERE client_id = $1 AND email = $4
), partners AS MATERIALIZED (
  SELECT other.customer_id AS id, max(coalesce(channel.last_message_at, channel.created_at)) AS at,
         json_agg(json_build_object('id', channel.id, 'type', channel.type, 'name', channel.name,
                    'updatedAt', floor(extract(epoch FROM coalesce(channel.last_message_at, channel.created_at))))
                  ORDER BY coalesce(channel.last_message_at, channel.created_at) DESC, channel.id DESC) AS channels
  FROM owner
  JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = owner.id
  JOIN channels channel ON channel.client_id = $1 AND channel.id = mine.channel_id
  JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
    AND other.customer_id <> mine.customer_id
  GROUP BY other.customer_id
)
SELECT (SELECT count(*)::int FROM partners) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM owner
LEFT JOIN partners cursor ON cursor.id = $3
LEFT JOIN LATERAL (
  SELECT customer.id, customer.name, customer.email, partners.at AS "latestMessageAt", partners.channels
  FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
  WHERE (partners.at, partners.id) < (coalesce(cursor.at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY partners.at DESC, partners.id DESC LIMIT $2
) page ON true;

-- channels.list_for_customer
  SELECT (SELECT count(*)::int FROM channel_members WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
         ($3::uuid IS NULL OR cursor.channel_id IS NOT NULL) AS "cursorFound", page.*
  FROM customers owner
  LEFT JOIN channel_members cursor
    ON cursor.client_id = $1 AND cursor.channel_id = $3 AND cursor.customer_id = owner.id
  LEFT JOIN LATERAL (
    SELECT channel.id, channel.type, channel.name, channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email)
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers
    FROM channel_members mine
    JOIN channels channel ON channel.client_id = $1 AND channel.id = mine.channel_id
    WHERE mine.client_id = $1 AND mine.customer_id = owner.id AND mine.channel_id < coalesce($3, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
    ORDER BY mine.channel_id DESC LIMIT $2
  ) page ON true
  WHERE owner.client_id = $1 AND owner.id = $4;
