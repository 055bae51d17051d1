-- audit_entries.list
SELECT counted.total AS "totalItems", page.*
FROM (SELECT count(*)::int AS total FROM audit_entries entry LEFT JOIN users ON users.id = entry.user_id WHERE entry.client_id = $1) counted
LEFT JOIN LATERAL (SELECT entry.id, entry.action, entry.subject, entry.details, entry.created_at AS "createdAt", entry.user_id AS "userId",
  users.name AS "userName", users.email AS "userEmail" FROM audit_entries entry LEFT JOIN users ON users.id = entry.user_id WHERE entry.client_id = $1 ORDER BY entry.created_at DESC, entry.id DESC LIMIT $2 OFFSET $3) page ON true;

-- housekeeping.purge_audit_entries
WITH purged AS (
  DELETE FROM audit_entries WHERE ctid = ANY (ARRAY(SELECT ctid FROM audit_entries WHERE created_at < now() - interval '1 year' LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- audit_entries.write
WITH old AS (
  DELETE FROM audit_entries
  WHERE audit_entries.client_id = $1 AND audit_entries.id = ANY(ARRAY(
    SELECT beyond.id FROM audit_entries beyond
    WHERE beyond.client_id = $1 ORDER BY beyond.created_at DESC, beyond.id DESC OFFSET $7::int - 1 LIMIT 10))
)
INSERT INTO audit_entries (client_id, id, user_id, action, subject, details) VALUES ($1, $2, $3, $4, $5, $6);
