import type { Statement } from '../platform/database/statement.js';

/** All of these are of no client: housekeeping, over all of them. */

/** Up to `$1` files that were not sent in time. Their bytes follow. Whoever is sending one right now keeps it. */
export const EXPIRE: Statement = {
  name: 'file_removals.expire',
  text: `
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
    SELECT count(*)::int AS expired FROM gone`,
};

/** Up to `$1` that are due. Should whoever claims them not come back, they are due again in a minute. */
export const CLAIM: Statement = {
  name: 'file_removals.claim',
  text: `
    UPDATE file_removals SET next_attempt_at = now() + interval '1 minute'
    FROM (
      SELECT client_id, file_id FROM file_removals
      WHERE next_attempt_at <= now() ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE file_removals.client_id = due.client_id AND file_removals.file_id = due.file_id
    RETURNING file_removals.client_id AS "clientId", file_removals.file_id AS id`,
};

/** The bytes of `$2` (of the clients `$1`, one each) are gone: for good, or until an upload URL that is still good brings some. */
export const REMOVED: Statement = {
  name: 'file_removals.removed',
  text: `
    WITH removed AS (
      SELECT client_id, file_id FROM unnest($1::uuid[], $2::uuid[]) AS removed (client_id, file_id)
    ), again AS (
      UPDATE file_removals SET next_attempt_at = until FROM removed
      WHERE file_removals.client_id = removed.client_id AND file_removals.file_id = removed.file_id AND until > now()
    )
    DELETE FROM file_removals USING removed
    WHERE file_removals.client_id = removed.client_id AND file_removals.file_id = removed.file_id AND until <= now()`,
};
