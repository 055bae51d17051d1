-- file_removals.claim
UPDATE file_removals SET next_attempt_at = now() + interval '1 minute'
FROM (
  SELECT client_id, file_id FROM file_removals
  WHERE next_attempt_at <= now() ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
) AS due
WHERE file_removals.client_id = due.client_id AND file_removals.file_id = due.file_id
RETURNING file_removals.client_id AS "clientId", file_removals.file_id AS id;

-- file_removals.expire
WITH old AS MATERIALIZED (
  SELECT client_id, id FROM files WHERE expires_at <= now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM files USING old WHERE files.client_id = old.client_id AND files.id = old.id
  RETURNING files.client_id, files.id, files.size, files.created_at
), removal AS (
  INSERT INTO file_removals (client_id, file_id, until)
  SELECT client_id, id, created_at + interval '25 hours' FROM gone
), room AS (
  UPDATE storage_uses SET bytes = bytes - freed.size
  FROM (SELECT client_id, sum(size) AS size FROM gone GROUP BY client_id) AS freed
  WHERE storage_uses.client_id = freed.client_id
)
SELECT count(*)::int AS expired FROM gone;

-- file_removals.removed
WITH removed AS (
  SELECT client_id, file_id FROM unnest($1::uuid[], $2::uuid[]) AS removed (client_id, file_id)
), again AS (
  UPDATE file_removals SET next_attempt_at = until FROM removed
  WHERE file_removals.client_id = removed.client_id AND file_removals.file_id = removed.file_id AND until > now()
)
DELETE FROM file_removals USING removed
WHERE file_removals.client_id = removed.client_id AND file_removals.file_id = removed.file_id AND until <= now();
