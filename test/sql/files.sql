-- files.attach
INSERT INTO file_channels (client_id, file_id, channel_id)
SELECT $1, file_id, $3 FROM unnest($2::uuid[]) AS file_id
ON CONFLICT DO NOTHING;

-- files.create
INSERT INTO files (client_id, id, owner_id, mime_type, size, name)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id, owner_id AS "ownerId", mime_type AS "mimeType", size::float8 AS size, name,
       uploaded_at AS "uploadedAt", created_at AS "createdAt";

-- files.find
SELECT id, owner_id AS "ownerId", mime_type AS "mimeType", size::float8 AS size, name,
       uploaded_at AS "uploadedAt", created_at AS "createdAt" FROM files file
WHERE file.client_id = $1 AND file.id = ANY($2::uuid[])
  AND ($3::uuid IS NULL OR file.owner_id = $3 OR EXISTS (
    SELECT FROM file_channels sent
    JOIN channel_members member
      ON member.client_id = $1 AND member.channel_id = sent.channel_id AND member.customer_id = $3
    WHERE sent.client_id = $1 AND sent.file_id = file.id));

-- files.mark_uploaded
UPDATE files SET uploaded_at = now() WHERE client_id = $1 AND id = $2 AND uploaded_at IS NULL
RETURNING uploaded_at AS "uploadedAt";
