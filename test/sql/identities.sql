-- identities.find_follow
SELECT followed_id FROM follows WHERE client_id = $1 AND follower_id = $2 AND followed_id = $3;

-- identities.find_known
SELECT $3::uuid AS id
WHERE $2 = $3 OR EXISTS (
  SELECT FROM follows WHERE client_id = $1 AND follower_id = $2 AND followed_id = $3
) OR EXISTS (
  SELECT FROM channel_members mine
  JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id AND other.customer_id = $3
  WHERE mine.client_id = $1 AND mine.customer_id = $2);

-- identities.follow
WITH changed AS (
  INSERT INTO follows (client_id, follower_id, followed_id)
  SELECT $1, follower.id, followed.id
  FROM customers follower JOIN customers followed ON followed.client_id = $1 AND followed.id = ANY($3::uuid[])
  WHERE follower.client_id = $1 AND follower.id = $2
  ORDER BY followed.id
  FOR KEY SHARE
  ON CONFLICT DO NOTHING
  RETURNING follower_id, followed_id
),
occurred AS (
  SELECT 'follow.created' AS type, NULL::uuid AS channel_id, follower_id AS customer_id,
         jsonb_build_object('customerId', follower_id, 'followedId', followed_id) AS data
  FROM changed), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT (SELECT count(*) FROM event) > 0 AS raised;

-- identities.list_followed
WITH known AS MATERIALIZED (
  SELECT customer.id, customer.created_at
  FROM (
  SELECT follow.followed_id AS id FROM follows follow WHERE follow.client_id = $1 AND follow.follower_id = $4) one JOIN customers customer ON customer.client_id = $1 AND customer.id = one.id
)
SELECT (SELECT count(*)::int FROM known) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN known cursor ON cursor.id = $3
LEFT JOIN LATERAL (
  SELECT customer.id, customer.external_id AS "externalId", customer.name, customer.email, customer.profile,
         customer.metadata
  FROM known JOIN customers customer ON customer.client_id = $1 AND customer.id = known.id
  WHERE (known.created_at, known.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY known.created_at DESC, known.id DESC LIMIT $2
) page ON true;

-- identities.list_known
WITH known AS MATERIALIZED (
  SELECT customer.id, customer.created_at
  FROM (
  SELECT follow.followed_id AS id FROM follows follow WHERE follow.client_id = $1 AND follow.follower_id = $4
  UNION
  SELECT other.customer_id
  FROM channel_members mine
  JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
    AND other.customer_id <> mine.customer_id
  WHERE mine.client_id = $1 AND mine.customer_id = $4) one JOIN customers customer ON customer.client_id = $1 AND customer.id = one.id
)
SELECT (SELECT count(*)::int FROM known) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN known cursor ON cursor.id = $3
LEFT JOIN LATERAL (
  SELECT customer.id, customer.external_id AS "externalId", customer.name, customer.email, customer.profile,
         customer.metadata
  FROM known JOIN customers customer ON customer.client_id = $1 AND customer.id = known.id
  WHERE (known.created_at, known.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY known.created_at DESC, known.id DESC LIMIT $2
) page ON true;

-- identities.unfollow
WITH changed AS (
  DELETE FROM follows WHERE client_id = $1 AND follower_id = $2 AND followed_id = $3
  RETURNING follower_id, followed_id
),
occurred AS (
  SELECT 'follow.deleted' AS type, NULL::uuid AS channel_id, follower_id AS customer_id,
         jsonb_build_object('customerId', follower_id, 'followedId', followed_id) AS data
  FROM changed), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT (SELECT count(*) FROM event) > 0 AS raised;
