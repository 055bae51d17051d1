-- channels.create
WITH gate AS MATERIALIZED (
  SELECT pg_advisory_xact_lock_shared(hashtextextended($1::uuid::text || encode($5::bytea, 'hex'), 1))
), known AS MATERIALIZED (
  SELECT customers.id, customers.kind FROM gate, customers
  WHERE customers.client_id = $1 AND customers.id = ANY($6::uuid[])
  ORDER BY customers.id FOR KEY SHARE OF customers
), created AS (
  INSERT INTO channels (client_id, id, type, name, reuse_key, metadata, is_open, address_id)
  SELECT $1, $2, $3, $4, $5, $7::jsonb, $8::uuid IS NOT NULL, (SELECT known.id FROM known WHERE known.kind = 'address' ORDER BY known.id LIMIT 1) WHERE (SELECT count(*) FROM known) = cardinality($6::uuid[])
  ON CONFLICT DO NOTHING
  RETURNING id, address_id
), joined AS (
  INSERT INTO channel_members (client_id, channel_id, customer_id, is_owner)
  SELECT $1, created.id, known.id, known.id IS NOT DISTINCT FROM $8::uuid FROM created, known
), counted AS (
  UPDATE counters SET value = value + 1
  WHERE client_id = $1 AND name = 'channels' AND EXISTS (SELECT FROM created)
  RETURNING client_id
), counted_open AS (
  INSERT INTO counters (client_id, name, value)
  SELECT $1, 'open_channels', 1 FROM counted WHERE $8::uuid IS NOT NULL
  ON CONFLICT (client_id, name) DO UPDATE SET value = counters.value + 1
), kept AS MATERIALIZED (
  SELECT keep_conversation($1, created.id, created.address_id,
           ARRAY(SELECT known.id FROM known WHERE known.id <> created.address_id))
  FROM created
  WHERE created.address_id IS NOT NULL AND (SELECT count(*) FROM counted) = 1
),
occurred AS (
  SELECT 'channel.created' AS type, id AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', id) AS data
  FROM created), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT (SELECT count(*)::int FROM known) AS known, (SELECT id FROM created) AS id, (SELECT count(*) FROM kept) AS kept, (SELECT count(*) FROM event) > 0 AS raised;

-- channels.find
  SELECT channel.id, channel.type, channel.name, channel.metadata,
channel.address_id AS "addressId", channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                            'avatarUrl', customer.profile ->> 'avatar_url')
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers FROM channels channel
  WHERE channel.client_id = $1 AND channel.id = $2 AND ($3::uuid IS NULL OR EXISTS (
    SELECT FROM channel_members viewer
    WHERE viewer.client_id = $1 AND viewer.channel_id = channel.id AND viewer.customer_id = $3));

-- channels.find_by_reuse_key
SELECT channel.id, channel.type, channel.name, channel.metadata,
channel.address_id AS "addressId", channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                            'avatarUrl', customer.profile ->> 'avatar_url')
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers FROM channels channel WHERE channel.client_id = $1 AND channel.reuse_key = $2;

-- channels.find_locked
SELECT channel.id, channel.type, channel.name, channel.metadata, channel.is_open AS "isOpen",
       channel.reuse_key AS "reuseKey", ARRAY(
         SELECT member.customer_id FROM channel_members member
         WHERE member.client_id = $1 AND member.channel_id = channel.id
       ) AS "customerIds"
FROM channels channel
WHERE channel.client_id = $1 AND channel.id = ANY($2::uuid[])
ORDER BY channel.id;

-- channels.find_many
SELECT channel.id, channel.type, channel.name, channel.metadata,
channel.address_id AS "addressId", channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                            'avatarUrl', customer.profile ->> 'avatar_url')
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers FROM channels channel WHERE channel.client_id = $1 AND channel.id = ANY($2::uuid[]);

-- channels.hold_keys
SELECT pg_advisory_xact_lock(gate)
FROM (
  SELECT DISTINCT hashtextextended($1::uuid::text || encode(either.key, 'hex'), 1) AS gate
  FROM channels
  JOIN unnest($2::uuid[], $3::bytea[]) AS next (id, reuse_key) ON next.id = channels.id
  CROSS JOIN LATERAL (VALUES (channels.reuse_key), (next.reuse_key)) AS either (key)
  WHERE channels.client_id = $1
  ORDER BY gate
) AS gates;

-- channels.list_first
  SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'channels') AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM (VALUES (1)) AS one
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT channel.id, channel.type, channel.name, channel.metadata,
channel.address_id AS "addressId", channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                            'avatarUrl', customer.profile ->> 'avatar_url')
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers FROM channels channel
    WHERE channel.client_id = $1 AND (channel.created_at, channel.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
    ORDER BY channel.created_at DESC, channel.id DESC LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true;

-- channels.list
  SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'channels') AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM (VALUES (1)) AS one
  LEFT JOIN channels cursor ON cursor.client_id = $1 AND cursor.id = $3
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT channel.id, channel.type, channel.name, channel.metadata,
channel.address_id AS "addressId", channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                            'avatarUrl', customer.profile ->> 'avatar_url')
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers FROM channels channel
    WHERE channel.client_id = $1 AND (channel.created_at, channel.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
    ORDER BY channel.created_at DESC, channel.id DESC LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true;

-- channels.list_first_asc
  SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'channels') AS "totalCount",
         ($3::uuid IS NULL) AS "cursorFound", page.*
  FROM (VALUES (1)) AS one
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT channel.id, channel.type, channel.name, channel.metadata,
channel.address_id AS "addressId", channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                            'avatarUrl', customer.profile ->> 'avatar_url')
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers FROM channels channel
    WHERE channel.client_id = $1 AND (channel.created_at, channel.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid)
    ORDER BY channel.created_at, channel.id LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true;

-- channels.list_asc
  SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'channels') AS "totalCount",
         ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
  FROM (VALUES (1)) AS one
  LEFT JOIN channels cursor ON cursor.client_id = $1 AND cursor.id = $3
  LEFT JOIN LATERAL (
    SELECT * FROM (SELECT * FROM (
    SELECT channel.id, channel.type, channel.name, channel.metadata,
channel.address_id AS "addressId", channel.created_at AS "createdAt",
(SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                            'avatarUrl', customer.profile ->> 'avatar_url')
                          ORDER BY customer.id), '[]')
 FROM channel_members member
 JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
 WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers FROM channels channel
    WHERE channel.client_id = $1 AND (channel.created_at, channel.id) > (coalesce(cursor.created_at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid))
    ORDER BY channel.created_at, channel.id LIMIT 101
    ) most LIMIT $2) few LIMIT $2
  ) page ON true;

-- channels.lock
SELECT id FROM channels WHERE client_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE;

-- channels.update
  WITH changed AS (
    UPDATE channels SET name = $3, metadata = $4, reuse_key =
CASE WHEN EXISTS (
  SELECT FROM channels other
  WHERE other.client_id = $1 AND other.reuse_key = $5 AND other.id <> channels.id
) THEN sha256(convert_to('channel:' || channels.id, 'UTF8')) ELSE $5 END, type = $6
    WHERE client_id = $1 AND id = $2 AND (name <> $3 OR metadata IS DISTINCT FROM $4::jsonb OR type <> $6)
    RETURNING id
  ),
  occurred AS (
    SELECT 'channel.updated' AS type, id AS channel_id, NULL::uuid AS customer_id,
           jsonb_build_object('id', id) AS data
    FROM changed), event AS MATERIALIZED (
    SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
             occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
    FROM occurred
    WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
  )
  SELECT (SELECT count(*) FROM event) > 0 AS raised;
