import type { Statement } from '../platform/database/statement.js';

/** 2^31 is the largest size, which a double holds exactly; a bigint would arrive as text. */
const COLUMNS = `id, owner_id AS "ownerId", mime_type AS "mimeType", size::float8 AS size, name,
           uploaded_at AS "uploadedAt", created_at AS "createdAt", expires_at AS "expiresAt"`;

/** None is more than there can be. */
const LIMIT = 'coalesce(storage_limit, 9223372036854775807)';

/** Takes its room in the client's storage in the same breath. No row: there is not so much left. */
export const CREATE: Statement = {
  name: 'files.create',
  text: `
    WITH room AS (
      INSERT INTO storage_uses (client_id, bytes)
      SELECT $1, $5::bigint FROM clients WHERE id = $1 AND $5 <= ${LIMIT}
      ON CONFLICT (client_id) DO UPDATE SET bytes = storage_uses.bytes + excluded.bytes
        WHERE storage_uses.bytes + excluded.bytes <= (SELECT ${LIMIT} FROM clients WHERE id = $1)
      RETURNING bytes
    )
    INSERT INTO files (client_id, id, owner_id, mime_type, size, name, expires_at)
    SELECT $1, $2, $3, $4, $5, $6, now() + make_interval(hours => $7) FROM room
    RETURNING ${COLUMNS}`,
};

/** Those of `$2` that `$3` may fetch: the owner, whoever is in a channel they were sent in, or, where it is null, the client itself. */
export const FIND: Statement = {
  name: 'files.find',
  text: `
    SELECT ${COLUMNS} FROM files file
    WHERE file.client_id = $1 AND file.id = ANY($2::uuid[]) AND (file.expires_at IS NULL OR file.expires_at > now())
      AND ($3::uuid IS NULL OR file.owner_id = $3 OR EXISTS (
        SELECT FROM file_channels sent
        JOIN channel_members member
          ON member.client_id = $1 AND member.channel_id = sent.channel_id AND member.customer_id = $3
        WHERE sent.client_id = $1 AND sent.file_id = file.id))`,
};

/** It is a `$3`. No row: it was before, or there is no such file any more. */
export const MARK_UPLOADED: Statement = {
  name: 'files.mark_uploaded',
  text: `
    UPDATE files SET uploaded_at = now(), mime_type = $3 WHERE client_id = $1 AND id = $2 AND uploaded_at IS NULL
    RETURNING uploaded_at AS "uploadedAt"`,
};

/** Those of `$2` that were never sent before do not expire any more; in the order of their ids, as all lock them. */
export const KEEP: Statement = {
  name: 'files.keep',
  text: `
    UPDATE files SET expires_at = NULL
    WHERE client_id = $1 AND id IN (
      SELECT fresh.id FROM files fresh
      WHERE fresh.client_id = $1 AND fresh.id = ANY($2::uuid[]) AND fresh.expires_at IS NOT NULL
      ORDER BY fresh.id FOR NO KEY UPDATE)`,
};

/** One more message in channel `$3`, which is locked, holds those of `$2` that are still there; they stay until the commit. */
export const ATTACH: Statement = {
  name: 'files.attach',
  text: `
    WITH held AS MATERIALIZED (
      SELECT id FROM files WHERE client_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR KEY SHARE
    ), sent AS (
      INSERT INTO file_channels (client_id, file_id, channel_id)
      SELECT $1, held.id, $3 FROM held
      ON CONFLICT (client_id, file_id, channel_id) DO UPDATE SET message_count = file_channels.message_count + 1
    )
    SELECT id FROM held`,
};

/** A message in channel `$3`, which is locked, no longer holds `$2`. */
export const DETACH: Statement = {
  name: 'files.detach',
  text: `
    WITH held AS (
      UPDATE file_channels SET message_count = message_count - 1
      WHERE client_id = $1 AND channel_id = $3 AND file_id = ANY($2::uuid[]) AND message_count > 1
    )
    DELETE FROM file_channels
    WHERE client_id = $1 AND channel_id = $3 AND file_id = ANY($2::uuid[]) AND message_count = 1`,
};

/** What was sent in channel `$2`, which is locked. */
export const SENT_IN: Statement = {
  name: 'files.sent_in',
  text: `SELECT file_id AS id FROM file_channels WHERE client_id = $1 AND channel_id = $2`,
};

/** Up to `$3` files of customer `$2`. */
export const LOCK_OWN: Statement = {
  name: 'files.lock_own',
  text: `SELECT id FROM files WHERE client_id = $1 AND owner_id = $2 ORDER BY id LIMIT $3 FOR UPDATE`,
};

/** Whoever is sending one of `$2` is waited for, so that the next statement sees it. */
export const LOCK: Statement = {
  name: 'files.lock',
  text: `SELECT id FROM files WHERE client_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE`,
};

/** Those of `$2`, which are locked, that no message holds. Their bytes follow. */
export const DELETE_UNHELD: Statement = {
  name: 'files.delete_unheld',
  text: `
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
    SELECT id FROM gone`,
};

/** Files `$2` are nobody's own any more. */
export const DISOWN: Statement = {
  name: 'files.disown',
  text: `UPDATE files SET owner_id = NULL WHERE client_id = $1 AND id = ANY($2::uuid[])`,
};
