-- segments.add_members
INSERT INTO segment_members (client_id, segment_id, customer_id)
SELECT $1, $2, contact.customer_id FROM contacts contact
WHERE contact.client_id = $1 AND contact.customer_id = ANY($3::uuid[])
ORDER BY contact.customer_id
ON CONFLICT DO NOTHING
RETURNING customer_id AS id;

-- segments.create
INSERT INTO contact_segments (client_id, id, name, type, filter, number)
SELECT $1, $2, $3, $4, $5::jsonb, draw_numbers($1, 'segments', 1)
WHERE (SELECT count(*) FROM contact_segments segment WHERE segment.client_id = $1) < $6::int
RETURNING contact_segments.id, contact_segments.number::float8 AS number, contact_segments.name, contact_segments.type, contact_segments.filter,
contact_segments.created_at AS "createdAt", CASE WHEN contact_segments.type = 'static' THEN (
  SELECT count(*)::int FROM segment_members member
  WHERE member.client_id = $1 AND member.segment_id = contact_segments.id
) END AS "membersCount";

-- segments.find
SELECT segment.id, segment.number::float8 AS number, segment.name, segment.type, segment.filter,
segment.created_at AS "createdAt", CASE WHEN segment.type = 'static' THEN (
  SELECT count(*)::int FROM segment_members member
  WHERE member.client_id = $1 AND member.segment_id = segment.id
) END AS "membersCount" FROM contact_segments segment
WHERE segment.client_id = $1 AND (segment.number = $2 OR segment.id = $3);

-- segments.find_campaigns
SELECT id, number::float8 AS number FROM campaigns
WHERE client_id = $1 AND (number = ANY($2::bigint[]) OR id = ANY($3::uuid[])) AND deleted_at IS NULL;

-- segments.find_named
SELECT 'tag' AS kind, tag.number::float8 AS number, tag.id FROM tags tag
WHERE tag.client_id = $1 AND tag.number = ANY($2::bigint[])
UNION ALL
SELECT 'segment', segment.number::float8, segment.id FROM contact_segments segment
WHERE segment.client_id = $1 AND segment.number = ANY($3::bigint[]);

-- segments.find_static
SELECT segment.id, segment.number::float8 AS number FROM contact_segments segment
WHERE segment.client_id = $1 AND segment.type = 'static'
  AND (segment.number = ANY($2::bigint[]) OR segment.id = ANY($3::uuid[]));

-- segments.is_audience
SELECT true AS found FROM contact_segments segment
JOIN campaigns campaign ON campaign.client_id = $1 AND campaign.deleted_at IS NULL
  AND campaign.status IN ('draft', 'scheduled', 'sending', 'paused')
  AND (campaign.audience->>'segment')::bigint = segment.number
WHERE segment.client_id = $1 AND (segment.number = $2::bigint OR segment.id = $3::uuid) LIMIT 1;

-- segments.remove
DELETE FROM contact_segments WHERE client_id = $1 AND (number = $2 OR id = $3) RETURNING id;

-- segments.remove_members
DELETE FROM segment_members WHERE client_id = $1 AND segment_id = $2 AND customer_id = ANY($3::uuid[]);

-- segments.update
UPDATE contact_segments segment SET name = coalesce($4, name), filter = coalesce($5::jsonb, filter)
WHERE segment.client_id = $1 AND (segment.number = $2 OR segment.id = $3)
RETURNING segment.id, segment.number::float8 AS number, segment.name, segment.type, segment.filter,
segment.created_at AS "createdAt", CASE WHEN segment.type = 'static' THEN (
  SELECT count(*)::int FROM segment_members member
  WHERE member.client_id = $1 AND member.segment_id = segment.id
) END AS "membersCount";
