-- customers.create
WITH created AS (
  INSERT INTO customers (client_id, id, name, email, external_id, metadata, phone, kind)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT DO NOTHING
  RETURNING id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt"
), counted AS (
  UPDATE counters SET value = value + (SELECT count(*)::int FROM created)
  WHERE client_id = $1 AND name = 'customers' AND EXISTS (SELECT FROM created)
),
occurred AS (
  SELECT 'customer.created' AS type, NULL::uuid AS channel_id, id AS customer_id,
         jsonb_build_object('id', id) AS data
  FROM created), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT created.*, (SELECT count(*) FROM event) > 0 AS raised FROM created;

-- customers.create_many
WITH created AS (
  INSERT INTO customers (client_id, id, name, external_id)
  SELECT $1, one.id, one.external_id, one.external_id
  FROM unnest($2::uuid[], $3::text[]) AS one (id, external_id)
  ORDER BY one.external_id
  ON CONFLICT DO NOTHING
  RETURNING id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt"
), counted AS (
  UPDATE counters SET value = value + (SELECT count(*)::int FROM created)
  WHERE client_id = $1 AND name = 'customers' AND EXISTS (SELECT FROM created)
),
occurred AS (
  SELECT 'customer.created' AS type, NULL::uuid AS channel_id, id AS customer_id,
         jsonb_build_object('id', id) AS data
  FROM created), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT created.*, (SELECT count(*) FROM event) > 0 AS raised FROM created;

-- customers.find
SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers WHERE client_id = $1 AND id = $2;

-- customers.find_by_email
SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers
WHERE client_id = $1 AND id = coalesce(
  (SELECT present.id FROM customers present WHERE present.client_id = $1 AND present.email = $2),
  contact_known_by($1, $2, NULL));

-- customers.find_by_external_ids
SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers
WHERE client_id = $1 AND (external_id = ANY($2::text[]) OR id = ANY($3::uuid[]));

-- customers.find_by_phone
SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers
WHERE client_id = $1 AND id = coalesce(
  (SELECT present.id FROM customers present WHERE present.client_id = $1 AND present.phone = $2),
  contact_known_by($1, NULL, $2));

-- customers.find_many
SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers WHERE client_id = $1 AND id = ANY($2::uuid[]);

-- customers.list_first
SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'customers') AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers
  WHERE client_id = $1 AND (customers.created_at, customers.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
  ORDER BY customers.created_at DESC, customers.id DESC LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- customers.list
SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'customers') AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN customers cursor ON cursor.client_id = $1 AND cursor.id = $3
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers
  WHERE client_id = $1 AND (customers.created_at, customers.id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY customers.created_at DESC, customers.id DESC LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- customers.list_first_asc
SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'customers') AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers
  WHERE client_id = $1 AND (customers.created_at, customers.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid)
  ORDER BY customers.created_at, customers.id LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- customers.list_asc
SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'customers') AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN customers cursor ON cursor.client_id = $1 AND cursor.id = $3
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers
  WHERE client_id = $1 AND (customers.created_at, customers.id) > (coalesce(cursor.created_at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid))
  ORDER BY customers.created_at, customers.id LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- customers.list_active_first
SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'active_customers') AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers
  WHERE client_id = $1 AND latest_message_at IS NOT NULL AND (customers.latest_message_at, customers.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
  ORDER BY customers.latest_message_at DESC, customers.id DESC LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- customers.list_active
SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'active_customers') AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN customers cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.latest_message_at IS NOT NULL
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers
  WHERE client_id = $1 AND latest_message_at IS NOT NULL AND (customers.latest_message_at, customers.id) < (coalesce(cursor.latest_message_at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY customers.latest_message_at DESC, customers.id DESC LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- customers.list_active_first_asc
SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'active_customers') AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers
  WHERE client_id = $1 AND latest_message_at IS NOT NULL AND (customers.latest_message_at, customers.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid)
  ORDER BY customers.latest_message_at, customers.id LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- customers.list_active_asc
SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'active_customers') AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN customers cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.latest_message_at IS NOT NULL
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
       latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt" FROM customers
  WHERE client_id = $1 AND latest_message_at IS NOT NULL AND (customers.latest_message_at, customers.id) > (coalesce(cursor.latest_message_at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid))
  ORDER BY customers.latest_message_at, customers.id LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- customers.list_active_for_sender_first
WITH partners AS MATERIALIZED (
  SELECT other.customer_id AS id, max(greatest(mine.last_message_at, other.last_message_at)) AS at
  FROM customers sender
  JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = sender.id
  JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
    AND other.customer_id <> mine.customer_id
  WHERE sender.client_id = $1 AND sender.email = $4
    AND (mine.last_message_at IS NOT NULL OR other.last_message_at IS NOT NULL)
  GROUP BY other.customer_id
)
SELECT (SELECT count(*)::int FROM partners) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT customer.id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
         partners.at AS "latestMessageAt", last_seen_at AS "lastSeenAt"
  FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
  WHERE (partners.at, partners.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
  ORDER BY partners.at DESC, partners.id DESC LIMIT $2
) page ON true;

-- customers.list_active_for_sender
WITH partners AS MATERIALIZED (
  SELECT other.customer_id AS id, max(greatest(mine.last_message_at, other.last_message_at)) AS at
  FROM customers sender
  JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = sender.id
  JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
    AND other.customer_id <> mine.customer_id
  WHERE sender.client_id = $1 AND sender.email = $4
    AND (mine.last_message_at IS NOT NULL OR other.last_message_at IS NOT NULL)
  GROUP BY other.customer_id
)
SELECT (SELECT count(*)::int FROM partners) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN partners cursor ON cursor.id = $3
LEFT JOIN LATERAL (
  SELECT customer.id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
         partners.at AS "latestMessageAt", last_seen_at AS "lastSeenAt"
  FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
  WHERE (partners.at, partners.id) < (coalesce(cursor.at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY partners.at DESC, partners.id DESC LIMIT $2
) page ON true;

-- customers.list_active_for_sender_first_asc
WITH partners AS MATERIALIZED (
  SELECT other.customer_id AS id, max(greatest(mine.last_message_at, other.last_message_at)) AS at
  FROM customers sender
  JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = sender.id
  JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
    AND other.customer_id <> mine.customer_id
  WHERE sender.client_id = $1 AND sender.email = $4
    AND (mine.last_message_at IS NOT NULL OR other.last_message_at IS NOT NULL)
  GROUP BY other.customer_id
)
SELECT (SELECT count(*)::int FROM partners) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT customer.id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
         partners.at AS "latestMessageAt", last_seen_at AS "lastSeenAt"
  FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
  WHERE (partners.at, partners.id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid)
  ORDER BY partners.at, partners.id LIMIT $2
) page ON true;

-- customers.list_active_for_sender_asc
WITH partners AS MATERIALIZED (
  SELECT other.customer_id AS id, max(greatest(mine.last_message_at, other.last_message_at)) AS at
  FROM customers sender
  JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = sender.id
  JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
    AND other.customer_id <> mine.customer_id
  WHERE sender.client_id = $1 AND sender.email = $4
    AND (mine.last_message_at IS NOT NULL OR other.last_message_at IS NOT NULL)
  GROUP BY other.customer_id
)
SELECT (SELECT count(*)::int FROM partners) AS "totalCount",
       ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN partners cursor ON cursor.id = $3
LEFT JOIN LATERAL (
  SELECT customer.id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
         partners.at AS "latestMessageAt", last_seen_at AS "lastSeenAt"
  FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
  WHERE (partners.at, partners.id) > (coalesce(cursor.at, '-infinity'), coalesce(cursor.id, '00000000-0000-0000-0000-000000000000'::uuid))
  ORDER BY partners.at, partners.id LIMIT $2
) page ON true;

-- customers.update
WITH before AS MATERIALIZED (
  SELECT id, external_id AS former FROM customers WHERE client_id = $1 AND id = $2 FOR NO KEY UPDATE
), outcome AS MATERIALIZED (
  SELECT before.id, before.former, change_customer($1, $2, $3, $4, $5, $6, $7::jsonb, $8) AS is FROM before
), changed AS (
  SELECT id, former, coalesce($5, former) IS DISTINCT FROM former AS renamed FROM outcome
  WHERE outcome.is = 'changed'
),
occurred AS (
  SELECT 'customer.updated' AS type, NULL::uuid AS channel_id, id AS customer_id,
         jsonb_build_object('id', id) || CASE WHEN renamed THEN jsonb_build_object('formerExternalId', former)
           ELSE '{}' END AS data
  FROM changed), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT EXISTS (SELECT FROM outcome WHERE outcome.is = 'taken') AS "isTaken", (SELECT count(*) FROM event) > 0 AS raised;

-- customers.update_profile
WITH changed AS (
  UPDATE customers SET name = coalesce($3, name), profile = coalesce($4::jsonb, profile)
  WHERE client_id = $1 AND id = $2 AND (name <> $3 OR profile IS DISTINCT FROM coalesce($4::jsonb, profile))
  RETURNING id, NULL::text AS former, false AS renamed
),
occurred AS (
  SELECT 'customer.updated' AS type, NULL::uuid AS channel_id, id AS customer_id,
         jsonb_build_object('id', id) || CASE WHEN renamed THEN jsonb_build_object('formerExternalId', former)
           ELSE '{}' END AS data
  FROM changed), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT (SELECT count(*) FROM event) > 0 AS raised;
