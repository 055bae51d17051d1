-- suppressions.create
INSERT INTO suppressions (client_id, id, address_hash, email, reason, source, number)
SELECT $1, $2, suppression_hash($1, $3), $3, $4, $5, draw_numbers($1, 'suppressions', 1)
ON CONFLICT (client_id, address_hash) DO NOTHING
RETURNING suppressions.id, suppressions.number::float8 AS number, suppressions.email, suppressions.reason,
suppressions.source, suppressions.created_at AS "createdAt";

-- suppressions.create_many
WITH one AS MATERIALIZED (
  SELECT id, email, suppression_hash($1, email) AS hash FROM unnest($2::uuid[], $3::text[]) AS one (id, email)
), fresh AS MATERIALIZED (
  SELECT one.*, row_number() OVER (ORDER BY one.hash) AS at FROM one
  WHERE NOT EXISTS (
    SELECT FROM suppressions known WHERE known.client_id = $1 AND known.address_hash = one.hash)
), drawn AS MATERIALIZED (
  SELECT draw_numbers($1, 'suppressions', many) - many AS before
  FROM (SELECT count(*) AS many FROM fresh) counted WHERE many > 0
)
INSERT INTO suppressions (client_id, id, address_hash, email, reason, source, number)
SELECT $1, fresh.id, fresh.hash, fresh.email, $4, $5, drawn.before + fresh.at FROM fresh, drawn ORDER BY fresh.at
ON CONFLICT (client_id, address_hash) DO NOTHING;

-- suppressions.find
SELECT suppression.id, suppression.number::float8 AS number, suppression.email, suppression.reason,
suppression.source, suppression.created_at AS "createdAt" FROM suppressions suppression
WHERE suppression.client_id = $1 AND (suppression.number = $2 OR suppression.id = $3);

-- suppressions.find_of_email
SELECT suppression.id, suppression.number::float8 AS number, suppression.email, suppression.reason,
suppression.source, suppression.created_at AS "createdAt" FROM suppressions suppression
WHERE suppression.client_id = $1 AND suppression.address_hash = suppression_hash($1, $2);

-- suppressions.lift
DELETE FROM suppressions WHERE client_id = $1 AND address_hash = suppression_hash($1, $2);

-- suppressions.lift_many
DELETE FROM suppressions
WHERE client_id = $1 AND address_hash IN (
  SELECT suppression_hash($1, one.email) FROM unnest($2::text[]) AS one (email));

-- suppressions.remove
DELETE FROM suppressions WHERE client_id = $1 AND (number = $2 OR id = $3) RETURNING id;
