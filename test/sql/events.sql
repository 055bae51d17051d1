-- events.find
SELECT event.id, event.type, event.data, event.created_at AS "createdAt" FROM events event WHERE event.client_id = $1 AND event.id = $2 AND event.is_public;

-- events.list_first
SELECT (SELECT count(*)::int FROM events event WHERE event.client_id = $1 AND event.is_public) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT event.id, event.type, event.data, event.created_at AS "createdAt" FROM events event
  WHERE event.client_id = $1 AND event.is_public AND event.seq < 9223372036854775807
  ORDER BY event.seq DESC LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- events.list
SELECT (SELECT count(*)::int FROM events event WHERE event.client_id = $1 AND event.is_public) AS "totalCount",
       ($3::uuid IS NULL OR cursor.seq IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN events cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.is_public
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT event.id, event.type, event.data, event.created_at AS "createdAt" FROM events event
  WHERE event.client_id = $1 AND event.is_public AND event.seq < coalesce(cursor.seq, 9223372036854775807)
  ORDER BY event.seq DESC LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- events.list_first_asc
SELECT (SELECT count(*)::int FROM events event WHERE event.client_id = $1 AND event.is_public) AS "totalCount",
       ($3::uuid IS NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT event.id, event.type, event.data, event.created_at AS "createdAt" FROM events event
  WHERE event.client_id = $1 AND event.is_public AND event.seq > 0
  ORDER BY event.seq LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;

-- events.list_asc
SELECT (SELECT count(*)::int FROM events event WHERE event.client_id = $1 AND event.is_public) AS "totalCount",
       ($3::uuid IS NULL OR cursor.seq IS NOT NULL) AS "cursorFound", page.*
FROM (VALUES (1)) AS one
LEFT JOIN events cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.is_public
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT * FROM (
  SELECT event.id, event.type, event.data, event.created_at AS "createdAt" FROM events event
  WHERE event.client_id = $1 AND event.is_public AND event.seq > coalesce(cursor.seq, 0)
  ORDER BY event.seq LIMIT 101
  ) most LIMIT $2) few LIMIT $2
) page ON true;
