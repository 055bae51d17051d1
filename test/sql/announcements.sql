-- announcements.create
WITH announcement AS (
  INSERT INTO announcements (client_id, id, sender_name, parts) VALUES ($1, $2, $3, $4) RETURNING *
), recipient AS (
  INSERT INTO announcement_recipients (client_id, announcement_id, customer_id)
  SELECT $1, announcement.id, one.id FROM announcement CROSS JOIN unnest($5::uuid[]) AS one (id)
), notification AS (
  INSERT INTO notifications (client_id, id, announcement_id, content)
  SELECT $1, $7, announcement.id, $6 FROM announcement WHERE $6::jsonb IS NOT NULL
),
occurred AS (
  SELECT 'announcement.created' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', id) AS data
  FROM announcement), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT announcement.id, announcement.sender_name AS "senderName", announcement.parts,
       announcement.created_at AS "createdAt", $6::jsonb IS NOT NULL OR (SELECT count(*) FROM event) > 0 AS raised FROM announcement;

-- announcements.find
SELECT announcement.id, announcement.sender_name AS "senderName", announcement.parts,
       announcement.created_at AS "createdAt", reached.recipients AS "recipientCount", reached.delivered AS "deliveredCount",
       reached.read AS "readCount"
FROM announcements announcement, LATERAL (
  SELECT count(*)::int AS recipients, count(recipient.delivered_at)::int AS delivered, count(recipient.read_at)::int AS read
  FROM announcement_recipients recipient
  WHERE recipient.client_id = $1 AND recipient.announcement_id = announcement.id
) reached
WHERE announcement.client_id = $1 AND announcement.id = $2;

-- announcements.find_many
SELECT announcement.id, announcement.sender_name AS "senderName", announcement.parts,
       announcement.created_at AS "createdAt" FROM announcements announcement
WHERE announcement.client_id = $1 AND announcement.id = ANY($2::uuid[])
ORDER BY announcement.id;

-- announcements.find_received
SELECT announcement.id, announcement.sender_name AS "senderName", announcement.parts,
       announcement.created_at AS "createdAt", recipient.customer_id AS "customerId", recipient.delivered_at AS "deliveredAt",
       recipient.read_at AS "readAt"
FROM announcement_recipients recipient
JOIN announcements announcement ON announcement.client_id = $1 AND announcement.id = recipient.announcement_id
WHERE recipient.client_id = $1 AND recipient.announcement_id = ANY($2::uuid[])
  AND recipient.customer_id = ANY($3::uuid[])
ORDER BY recipient.announcement_id, recipient.customer_id;

-- announcements.hold_recipients
SELECT id FROM customers WHERE client_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR KEY SHARE;

-- announcements.list_for_first
SELECT (SELECT count(*)::int FROM announcement_recipients WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT announcement.id, announcement.sender_name AS "senderName", announcement.parts,
       announcement.created_at AS "createdAt", recipient.customer_id AS "customerId", recipient.delivered_at AS "deliveredAt",
       recipient.read_at AS "readAt"
  FROM announcement_recipients recipient
  JOIN announcements announcement ON announcement.client_id = $1 AND announcement.id = recipient.announcement_id
  WHERE recipient.client_id = $1 AND recipient.customer_id = $4 AND (recipient.created_at, recipient.announcement_id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
  ORDER BY recipient.created_at DESC, recipient.announcement_id DESC LIMIT $2
) page ON true;

-- announcements.list_for
SELECT (SELECT count(*)::int FROM announcement_recipients WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
       ($3::uuid IS NULL OR cursor.announcement_id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN announcement_recipients cursor
  ON cursor.client_id = $1 AND cursor.customer_id = $4 AND cursor.announcement_id = $3
LEFT JOIN LATERAL (
  SELECT announcement.id, announcement.sender_name AS "senderName", announcement.parts,
       announcement.created_at AS "createdAt", recipient.customer_id AS "customerId", recipient.delivered_at AS "deliveredAt",
       recipient.read_at AS "readAt"
  FROM announcement_recipients recipient
  JOIN announcements announcement ON announcement.client_id = $1 AND announcement.id = recipient.announcement_id
  WHERE recipient.client_id = $1 AND recipient.customer_id = $4 AND (recipient.created_at, recipient.announcement_id) < (coalesce(cursor.created_at, 'infinity'), coalesce(cursor.announcement_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  ORDER BY recipient.created_at DESC, recipient.announcement_id DESC LIMIT $2
) page ON true;

-- announcements.list_for_first_asc
SELECT (SELECT count(*)::int FROM announcement_recipients WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT announcement.id, announcement.sender_name AS "senderName", announcement.parts,
       announcement.created_at AS "createdAt", recipient.customer_id AS "customerId", recipient.delivered_at AS "deliveredAt",
       recipient.read_at AS "readAt"
  FROM announcement_recipients recipient
  JOIN announcements announcement ON announcement.client_id = $1 AND announcement.id = recipient.announcement_id
  WHERE recipient.client_id = $1 AND recipient.customer_id = $4 AND (recipient.created_at, recipient.announcement_id) > ('-infinity', '00000000-0000-0000-0000-000000000000'::uuid)
  ORDER BY recipient.created_at, recipient.announcement_id LIMIT $2
) page ON true;

-- announcements.list_for_asc
SELECT (SELECT count(*)::int FROM announcement_recipients WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
       ($3::uuid IS NULL OR cursor.announcement_id IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN announcement_recipients cursor
  ON cursor.client_id = $1 AND cursor.customer_id = $4 AND cursor.announcement_id = $3
LEFT JOIN LATERAL (
  SELECT announcement.id, announcement.sender_name AS "senderName", announcement.parts,
       announcement.created_at AS "createdAt", recipient.customer_id AS "customerId", recipient.delivered_at AS "deliveredAt",
       recipient.read_at AS "readAt"
  FROM announcement_recipients recipient
  JOIN announcements announcement ON announcement.client_id = $1 AND announcement.id = recipient.announcement_id
  WHERE recipient.client_id = $1 AND recipient.customer_id = $4 AND (recipient.created_at, recipient.announcement_id) > (coalesce(cursor.created_at, '-infinity'), coalesce(cursor.announcement_id, '00000000-0000-0000-0000-000000000000'::uuid))
  ORDER BY recipient.created_at, recipient.announcement_id LIMIT $2
) page ON true;

-- announcements.mark
WITH before AS MATERIALIZED (
  SELECT recipient.announcement_id, recipient.customer_id, recipient.read_at FROM announcement_recipients recipient
  WHERE recipient.client_id = $1 AND recipient.customer_id = $2 AND recipient.announcement_id = $3
  FOR NO KEY UPDATE
), marked AS (
  UPDATE announcement_recipients recipient
  SET delivered_at = coalesce(recipient.delivered_at, now()),
      read_at = CASE WHEN $4 THEN coalesce(recipient.read_at, now()) ELSE recipient.read_at END
  FROM before
  WHERE recipient.client_id = $1 AND recipient.customer_id = $2 AND recipient.announcement_id = before.announcement_id
    AND (recipient.delivered_at IS NULL OR $4 AND recipient.read_at IS NULL)
),
occurred AS (
  SELECT 'announcement.read' AS type, NULL::uuid AS channel_id, customer_id,
         jsonb_build_object('id', announcement_id, 'customerId', customer_id) AS data
  FROM before WHERE $4 AND read_at IS NULL), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT announcement_id AS id, (SELECT count(*) FROM event) > 0 AS raised FROM before;

-- announcements.remove_for
WITH removed AS (
  DELETE FROM announcement_recipients WHERE client_id = $1 AND customer_id = $2 AND announcement_id = $3
  RETURNING announcement_id, customer_id
),
occurred AS (
  SELECT 'announcement.deleted' AS type, NULL::uuid AS channel_id, customer_id,
         jsonb_build_object('id', announcement_id, 'customerId', customer_id) AS data
  FROM removed), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT announcement_id AS id, (SELECT count(*) FROM event) > 0 AS raised FROM removed;
