-- tags.create
INSERT INTO tags (client_id, id, name, color, number)
SELECT $1, $2, $3, $4, draw_numbers($1, 'tags', 1)
WHERE (SELECT count(*) FROM tags tag WHERE tag.client_id = $1) < $5::int
RETURNING tags.id, tags.number::float8 AS number, tags.name, tags.color, tags.contacts_count AS "contactsCount",
tags.created_at AS "createdAt";

-- tags.find
SELECT tag.id, tag.number::float8 AS number, tag.name, tag.color, tag.contacts_count AS "contactsCount",
tag.created_at AS "createdAt" FROM tags tag WHERE tag.client_id = $1 AND (tag.number = $2 OR tag.id = $3);

-- tags.find_by_names
SELECT asked.name, tag.id FROM unnest($2::text[]) AS asked (name)
JOIN tags tag ON tag.client_id = $1 AND lower(tag.name) = lower(asked.name);

-- tags.find_many
SELECT tag.id, tag.number::float8 AS number, tag.name, tag.color, tag.contacts_count AS "contactsCount",
tag.created_at AS "createdAt" FROM tags tag
WHERE tag.client_id = $1 AND (tag.number = ANY($2::bigint[]) OR tag.id = ANY($3::uuid[]));

-- tags.hold
SELECT tag.id FROM tags tag
WHERE tag.client_id = $1 AND (tag.id = ANY($3::uuid[]) OR tag.id IN (
  SELECT marked.tag_id FROM contact_tags marked WHERE marked.client_id = $1 AND marked.customer_id = $2))
ORDER BY tag.id FOR NO KEY UPDATE OF tag;

-- tags.mark
INSERT INTO contact_tags (client_id, tag_id, customer_id)
SELECT $1, mark.tag_id, mark.customer_id FROM unnest($2::uuid[], $3::uuid[]) AS mark (customer_id, tag_id)
JOIN tags tag ON tag.client_id = $1 AND tag.id = mark.tag_id
ORDER BY mark.tag_id, mark.customer_id
ON CONFLICT DO NOTHING;

-- tags.remove
DELETE FROM tags WHERE client_id = $1 AND id = $2;

-- tags.tag
INSERT INTO contact_tags (client_id, tag_id, customer_id)
SELECT $1, tag.id, contact.customer_id
FROM contacts contact CROSS JOIN tags tag
WHERE contact.client_id = $1 AND contact.customer_id = ANY($2::uuid[]) AND tag.client_id = $1
  AND tag.id = ANY($3::uuid[])
ORDER BY tag.id, contact.customer_id
ON CONFLICT DO NOTHING
RETURNING customer_id AS id, EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- tags.untag
DELETE FROM contact_tags
WHERE client_id = $1 AND customer_id = ANY($2::uuid[]) AND tag_id = ANY($3::uuid[])
RETURNING customer_id AS id;

-- tags.untag_others
DELETE FROM contact_tags WHERE client_id = $1 AND customer_id = $2 AND tag_id <> ALL($3::uuid[])
RETURNING customer_id AS id, EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- tags.untag_some
DELETE FROM contact_tags
WHERE client_id = $1 AND tag_id = $2 AND customer_id = ANY(ARRAY(
  SELECT marked.customer_id FROM contact_tags marked WHERE marked.client_id = $1 AND marked.tag_id = $2
  ORDER BY marked.customer_id LIMIT $3))
RETURNING customer_id AS id, EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- tags.update
UPDATE tags tag SET name = coalesce($4, name), color = coalesce($5, color)
WHERE tag.client_id = $1 AND (tag.number = $2 OR tag.id = $3)
RETURNING tag.id, tag.number::float8 AS number, tag.name, tag.color, tag.contacts_count AS "contactsCount",
tag.created_at AS "createdAt";
