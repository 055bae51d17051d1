-- files.attach
WITH held AS MATERIALIZED (
  SELECT id FROM files WHERE client_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR KEY SHARE
), sent AS (
  INSERT INTO file_channels (client_id, file_id, channel_id)
  SELECT $1, held.id, $3 FROM held
  ON CONFLICT (client_id, file_id, channel_id) DO UPDATE SET message_count = file_channels.message_count + 1
)
SELECT id FROM held;

-- files.create
WITH room AS (
  INSERT INTO storage_uses (client_id, bytes)
  SELECT $1, $5::bigint FROM clients WHERE id = $1 AND $5 <= coalesce(storage_limit, 9223372036854775807)
  ON CONFLICT (client_id) DO UPDATE SET bytes = storage_uses.bytes + excluded.bytes
    WHERE storage_uses.bytes + excluded.bytes <= (SELECT coalesce(storage_limit, 9223372036854775807) FROM clients WHERE id = $1)
  RETURNING bytes
)
INSERT INTO files (client_id, id, owner_id, mime_type, size, name, expires_at)
SELECT $1, $2, $3, $4, $5, $6, now() + make_interval(hours => $7) FROM room
RETURNING id, owner_id AS "ownerId", mime_type AS "mimeType", size::float8 AS size, name,
       uploaded_at AS "uploadedAt", created_at AS "createdAt", expires_at AS "expiresAt";

-- files.delete_unheld
WITH gone AS (
  DELETE FROM files
  WHERE client_id = $1 AND id = ANY($2::uuid[]) AND NOT EXISTS (
    SELECT FROM file_channels sent WHERE sent.client_id = $1 AND sent.file_id = files.id)
  RETURNING id, size, created_at
), removal AS (
  INSERT INTO file_removals (client_id, file_id, until) SELECT $1, id, created_at + interval '25 hours' FROM gone
), room AS (
  UPDATE storage_uses SET bytes = bytes - (SELECT sum(size) FROM gone)
  WHERE client_id = $1 AND EXISTS (SELECT FROM gone)
)
SELECT id FROM gone;

-- files.detach
WITH held AS (
  UPDATE file_channels SET message_count = message_count - 1
  WHERE client_id = $1 AND channel_id = $3 AND file_id = ANY($2::uuid[]) AND message_count > 1
)
DELETE FROM file_channels
WHERE client_id = $1 AND channel_id = $3 AND file_id = ANY($2::uuid[]) AND message_count = 1;

-- files.disown
UPDATE files SET owner_id = NULL WHERE client_id = $1 AND id = ANY($2::uuid[]);

-- files.find
SELECT id, owner_id AS "ownerId", mime_type AS "mimeType", size::float8 AS size, name,
       uploaded_at AS "uploadedAt", created_at AS "createdAt", expires_at AS "expiresAt" FROM files file
WHERE file.client_id = $1 AND file.id = ANY($2::uuid[]) AND (file.expires_at IS NULL OR file.expires_at > now())
  AND ($3::uuid IS NULL OR file.owner_id = $3 OR EXISTS (
    SELECT FROM file_channels sent
    JOIN channel_members member
      ON member.client_id = $1 AND member.channel_id = sent.channel_id AND member.customer_id = $3
    WHERE sent.client_id = $1 AND sent.file_id = file.id));

-- files.keep
UPDATE files SET expires_at = NULL
WHERE client_id = $1 AND id IN (
  SELECT fresh.id FROM files fresh
  WHERE fresh.client_id = $1 AND fresh.id = ANY($2::uuid[]) AND fresh.expires_at IS NOT NULL
  ORDER BY fresh.id FOR NO KEY UPDATE);

-- files.lock
SELECT id FROM files WHERE client_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE;

-- files.lock_own
SELECT id FROM files WHERE client_id = $1 AND owner_id = $2 ORDER BY id LIMIT $3 FOR UPDATE;

-- files.mark_uploaded
UPDATE files SET uploaded_at = now(), mime_type = $3 WHERE client_id = $1 AND id = $2 AND uploaded_at IS NULL
RETURNING uploaded_at AS "uploadedAt";

-- files.sent_in
SELECT file_id AS id FROM file_channels WHERE client_id = $1 AND channel_id = $2;
