import { purge } from '../../platform/database/purge.js';
import type { Statement } from '../../platform/database/statement.js';

/** All of these are of no client: so are users. */

/** `$6` seconds until it is good no longer; where `$7`, the user's earlier ones for the purpose are void. */
export const MINT: Statement = {
  name: 'user_tokens.mint',
  text: `
    WITH voided AS (
      UPDATE user_tokens SET used_at = now() WHERE user_id = $2 AND purpose = $3 AND used_at IS NULL AND $7::boolean
    )
    INSERT INTO user_tokens (id, user_id, purpose, token_sha256, data, expires_at)
    VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
    RETURNING expires_at AS "expiresAt"`,
};

/** One that was not used yet, with its user. */
export const FIND: Statement = {
  name: 'user_tokens.find',
  text: `
    SELECT token.user_id AS "userId", token.data, account.email, account.name
    FROM user_tokens token LEFT JOIN users account ON account.id = token.user_id
    WHERE token.token_sha256 = $1 AND token.purpose = $2 AND token.used_at IS NULL AND token.expires_at > now()`,
};

/** Once, however many ask at once. */
export const USE: Statement = {
  name: 'user_tokens.use',
  text: `
    UPDATE user_tokens SET used_at = now()
    WHERE token_sha256 = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > now()
    RETURNING user_id AS "userId", data`,
};

/** Once that a day has passed, nobody asks any more why it does not work. */
export const PURGE_USER_TOKENS = purge(
  'user_tokens',
  `SELECT ctid FROM user_tokens WHERE expires_at <= now() - interval '1 day' ORDER BY expires_at LIMIT $1`,
);
