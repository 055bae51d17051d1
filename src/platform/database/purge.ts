import type { Statement } from './statement.js';

/**
 * Of no client: housekeeping, over all of them. By ctid, so that PostgreSQL goes to the rows at once, however large it takes
 * `$1`, the size of a batch, to be.
 * @param old a SELECT of the ctid of at most `$1` rows
 */
export const purge = (table: string, old: string): Statement => ({
  name: `housekeeping.purge_${table}`,
  text: `
    WITH purged AS (
      DELETE FROM ${table} WHERE ctid = ANY (ARRAY(${old})) RETURNING 1
    )
    SELECT count(*)::int AS purged FROM purged`,
});

/** The purges of every module, for whoever runs them. */
export const PURGES = Symbol('PURGES');
