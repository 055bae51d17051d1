import type { Statement } from '../database/statement.js';

/** 2^31 is the largest size, which a double holds exactly; a bigint would arrive as text. */
const COLUMNS = `id, owner_id AS "ownerId", mime_type AS "mimeType", size::float8 AS size, name,
           uploaded_at AS "uploadedAt", created_at AS "createdAt"`;

export const CREATE: Statement = {
  name: 'files.create',
  text: `
    INSERT INTO files (client_id, id, owner_id, mime_type, size, name)
    VALUES ($1, $2, $3, $4, $5, $6)
    RETURNING ${COLUMNS}`,
};

/** Those of `$2` that `$3` may fetch: the owner, whoever is in a channel they were sent in, or, where it is null, the client itself. */
export const FIND: Statement = {
  name: 'files.find',
  text: `
    SELECT ${COLUMNS} FROM files file
    WHERE file.client_id = $1 AND file.id = ANY($2::uuid[])
      AND ($3::uuid IS NULL OR file.owner_id = $3 OR EXISTS (
        SELECT FROM file_channels sent
        JOIN channel_members member
          ON member.client_id = $1 AND member.channel_id = sent.channel_id AND member.customer_id = $3
        WHERE sent.client_id = $1 AND sent.file_id = file.id))`,
};

/** No row: it was before. */
export const MARK_UPLOADED: Statement = {
  name: 'files.mark_uploaded',
  text: `
    UPDATE files SET uploaded_at = now() WHERE client_id = $1 AND id = $2 AND uploaded_at IS NULL
    RETURNING uploaded_at AS "uploadedAt"`,
};

export const ATTACH: Statement = {
  name: 'files.attach',
  text: `
    INSERT INTO file_channels (client_id, file_id, channel_id)
    SELECT $1, file_id, $3 FROM unnest($2::uuid[]) AS file_id
    ON CONFLICT DO NOTHING`,
};
