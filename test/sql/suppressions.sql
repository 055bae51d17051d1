-- suppressions.create
INSERT INTO suppressions (client_id, id, address_hash, email, reason, source, number)
SELECT $1, $2, suppression_hash($1, $3), $3, $4, $5, draw_numbers($1, 'suppressions', 1)
ON CONFLICT (client_id, address_hash) DO NOTHING
RETURNING suppressions.id, suppressions.number::float8 AS number, suppressions.email, suppressions.reason,
suppressions.source, suppressions.created_at AS "createdAt";

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

-- suppressions.remove
DELETE FROM suppressions WHERE client_id = $1 AND (number = $2 OR id = $3) RETURNING id;
