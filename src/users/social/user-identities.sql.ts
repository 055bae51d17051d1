import { USER } from '../accounts/users.sql.js';
import type { Statement } from '../../platform/database/statement.js';

/** All of these are of no client: so are users. */

export const FIND_USER: Statement = {
  name: 'user_identities.find_user',
  text: `
    SELECT ${USER}
    FROM user_identities identity JOIN users account ON account.id = identity.user_id
    WHERE identity.provider = $1 AND identity.subject = $2`,
};

/**
 * An account of this e-mail that never proved itself may be anybody's: whatever could open it does so no longer, and it is its
 * owner's now. No row: there is none such.
 */
export const CLAIM: Statement = {
  name: 'user_identities.claim',
  text: `
    WITH claimed AS (
      UPDATE users SET password_hash = NULL, password_version = password_version + 1, email_verified_at = now(),
        totp_secret = NULL, totp_confirmed_at = NULL, recovery_sha256 = '{}', name = $2
      WHERE email = $1 AND email_verified_at IS NULL
      RETURNING id
    ), voided AS (
      UPDATE user_tokens SET used_at = now() WHERE user_id = (SELECT id FROM claimed) AND used_at IS NULL
    )
    SELECT id FROM claimed`,
};

/** To the account that has proven this e-mail. */
export const LINK: Statement = {
  name: 'user_identities.link',
  text: `
    INSERT INTO user_identities (provider, subject, user_id, email)
    SELECT $1, $2, id, email FROM users WHERE email = $3 AND email_verified_at IS NOT NULL
    ON CONFLICT (provider, subject) DO NOTHING`,
};
