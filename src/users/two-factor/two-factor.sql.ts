import type { Statement } from '../../platform/database/statement.js';

/** All of these are of no client: so are users. */

export const FIND_TOTP: Statement = {
  name: 'users.find_totp',
  text: `
    SELECT email, totp_secret AS "secret", totp_confirmed_at IS NOT NULL AS "isConfirmed" FROM users WHERE id = $1`,
};

/** A secret that is not in force yet. No row: one is. */
export const SET_UP: Statement = {
  name: 'users.set_up_totp',
  text: `UPDATE users SET totp_secret = $2 WHERE id = $1 AND totp_confirmed_at IS NULL RETURNING id`,
};

/** The secret `$2` is in force. No row: it was replaced meanwhile, or is already. */
export const CONFIRM: Statement = {
  name: 'users.confirm_totp',
  text: `
    UPDATE users SET totp_confirmed_at = now(), totp_last_step = $3, recovery_sha256 = $4
    WHERE id = $1 AND totp_secret = $2 AND totp_confirmed_at IS NULL
    RETURNING id`,
};

/** Each thirty seconds count once, however many ask at once. No row: these did already, or later ones. */
export const TAKE_STEP: Statement = {
  name: 'users.take_totp_step',
  text: `UPDATE users SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2 RETURNING id`,
};

/** No row: it is none of the user's, or was used. */
export const TAKE_RECOVERY_CODE: Statement = {
  name: 'users.take_recovery_code',
  text: `
    UPDATE users SET recovery_sha256 = array_remove(recovery_sha256, $2::bytea)
    WHERE id = $1 AND recovery_sha256 @> ARRAY[$2::bytea]
    RETURNING id`,
};

export const DISABLE: Statement = {
  name: 'users.disable_totp',
  text: `
    UPDATE users SET totp_secret = NULL, totp_confirmed_at = NULL, recovery_sha256 = '{}' WHERE id = $1 RETURNING id`,
};

/** A try at a challenge, of which there are five. No row: it has none left, or is not good any more. */
export const TRY_CHALLENGE: Statement = {
  name: 'user_tokens.try_challenge',
  text: `
    UPDATE user_tokens SET tries = tries + 1
    WHERE token_sha256 = $1 AND purpose = 'two_factor' AND used_at IS NULL AND expires_at > now() AND tries < 5
    RETURNING user_id AS "userId", data`,
};

/** Up to `$3` of those after user `$2` whose secret does not begin with `$1`, the name of the key of now. */
export const FIND_SEALED_BEFORE: Statement = {
  name: 'users.find_sealed_before',
  text: `
    SELECT id, totp_secret AS "secret" FROM users
    WHERE totp_secret IS NOT NULL AND substring(totp_secret FOR 4) <> $1 AND id > $2
    ORDER BY id LIMIT $3`,
};

/** Where it is still the one that was opened. */
export const SEAL_ANEW: Statement = {
  name: 'users.seal_totp_anew',
  text: `UPDATE users SET totp_secret = $3 WHERE id = $1 AND totp_secret = $2`,
};
