import { purge } from '../../../platform/database/purge.js';
import type { Statement } from '../../../platform/database/statement.js';

/** Nobody has said who they are, so it is of no client. `$2` seconds until it is worth nothing. */
export const CREATE: Statement = {
  name: 'nonces.create',
  text: `INSERT INTO nonces (nonce, expires_at) VALUES ($1, now() + make_interval(secs => $2))`,
};

/** A row: it was there and still good, and nobody else gets it. */
export const TAKE: Statement = {
  name: 'nonces.take',
  text: `DELETE FROM nonces WHERE nonce = $1 RETURNING expires_at > now() AS "isGood"`,
};

/** Whoever asked for one did not come back. */
export const PURGE_NONCES = purge('nonces', `SELECT ctid FROM nonces WHERE expires_at < now() LIMIT $1`);
