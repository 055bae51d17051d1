import type { Statement } from './statement.js';

/** Held by who takes a key, until the commit: who must not wait on the unique index asks here whether somebody does. */
export const claimGate = (key: string): string => `hashtextextended($1::uuid::text || ${key}, 2)`;

/**
 * Takes the key, or waits for the request that is taking it. A key older than a day is free again. No row: it is taken.
 */
export const CLAIM: Statement = {
  name: 'idempotency_keys.claim',
  text: `
    WITH gate AS MATERIALIZED (
      SELECT pg_advisory_xact_lock(${claimGate('$2::text')})
    )
    INSERT INTO idempotency_keys (client_id, key, fingerprint)
    SELECT $1, $2, $3 FROM gate
    ON CONFLICT (client_id, key) DO UPDATE
      SET fingerprint = excluded.fingerprint, status = NULL, body = NULL, created_at = now()
      WHERE idempotency_keys.created_at < now() - interval '24 hours'
    RETURNING key`,
};

export const FIND: Statement = {
  name: 'idempotency_keys.find',
  text: `
    SELECT fingerprint, status, body FROM idempotency_keys
    WHERE client_id = $1 AND key = $2 AND created_at >= now() - interval '24 hours'`,
};

export const KEEP: Statement = {
  name: 'idempotency_keys.keep',
  text: `UPDATE idempotency_keys SET status = $3, body = $4 WHERE client_id = $1 AND key = $2`,
};

/** Not of one client: housekeeping, over all of them. */
export const PURGE: Statement = {
  name: 'idempotency_keys.purge',
  text: `
    WITH old AS (
      SELECT client_id, key FROM idempotency_keys WHERE created_at < now() - interval '24 hours' LIMIT $1
    ), purged AS (
      DELETE FROM idempotency_keys USING old
      WHERE idempotency_keys.client_id = old.client_id AND idempotency_keys.key = old.key
      RETURNING 1
    )
    SELECT count(*)::int AS purged FROM purged`,
};
