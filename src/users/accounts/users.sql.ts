import type { Statement } from '../../platform/database/statement.js';

/** All of these are of no client: so are users. */

/** Of `account`. */
export const USER = `
  account.id, account.number, account.email, account.name, account.password_hash AS "passwordHash",
  account.password_version AS "passwordVersion", account.email_verified_at AS "emailVerifiedAt",
  account.totp_confirmed_at AS "totpConfirmedAt", account.active_client_id AS "activeClientId",
  account.disabled_at AS "disabledAt", account.created_at AS "createdAt"`;

/** No row: the e-mail is taken. */
export const CREATE: Statement = {
  name: 'users.create',
  text: `
    INSERT INTO users AS account (id, email, name, password_hash, email_verified_at)
    VALUES ($1, $2, $3, $4, CASE WHEN $5::boolean THEN now() END)
    ON CONFLICT (email) DO NOTHING
    RETURNING ${USER}`,
};

export const FIND: Statement = {
  name: 'users.find',
  text: `SELECT ${USER} FROM users account WHERE account.id = $1`,
};

export const FIND_BY_EMAIL: Statement = {
  name: 'users.find_by_email',
  text: `SELECT ${USER} FROM users account WHERE account.email = $1`,
};

/** What is null is left as it is. */
export const UPDATE: Statement = {
  name: 'users.update',
  text: `
    UPDATE users AS account SET name = coalesce($2, name), active_client_id = coalesce($3::uuid, active_client_id)
    WHERE id = $1
    RETURNING ${USER}`,
};

/** The same password, hashed anew; not where it was changed meanwhile. */
export const REHASH: Statement = {
  name: 'users.rehash',
  text: `UPDATE users SET password_hash = $2 WHERE id = $1 AND password_version = $3`,
};

/** What could still be used in the name of whoever knew the old password. */
const VOIDED = (whose: string): string => `
    voided AS (
      UPDATE user_tokens SET used_at = now() WHERE user_id = (SELECT id FROM ${whose}) AND used_at IS NULL
    )`;

/**
 * A new password `$2` in place of that of version `$3`. Session `$4` goes on under it, and no other: theirs are of the old
 * one. No row: it was changed meanwhile.
 */
export const CHANGE_PASSWORD: Statement = {
  name: 'users.change_password',
  text: `
    WITH changed AS (
      UPDATE users SET password_hash = $2, password_version = password_version + 1
      WHERE id = $1 AND password_version = $3
      RETURNING id, password_version
    ), kept AS (
      UPDATE user_sessions SET password_version = changed.password_version
      FROM changed WHERE user_sessions.user_id = changed.id AND user_sessions.id = $4
    ), ${VOIDED('changed')}
    SELECT id FROM changed`,
};

/** By a mailed token, which proves the e-mail, too. No session outlives it. No row: the token is not good, or no longer. */
export const RESET_PASSWORD: Statement = {
  name: 'users.reset_password',
  text: `
    WITH token AS (
      UPDATE user_tokens SET used_at = now()
      WHERE token_sha256 = $1 AND purpose = 'reset' AND used_at IS NULL AND expires_at > now()
      RETURNING user_id
    ), changed AS (
      UPDATE users SET password_hash = $2, password_version = password_version + 1,
        email_verified_at = coalesce(email_verified_at, now())
      FROM token WHERE users.id = token.user_id
      RETURNING users.id
    ), voided AS (
      UPDATE user_tokens SET used_at = now()
      WHERE user_id = (SELECT id FROM changed) AND used_at IS NULL AND token_sha256 <> $1
    )
    SELECT id FROM changed`,
};

/**
 * By a mailed token: the e-mail is the user's, and so are the password and the name that were given when that mail was asked
 * for, unless the account had proven itself before. Other tokens to verify it are void: their passwords may be somebody else's.
 * No row: the token is not good, or no longer.
 */
export const VERIFY_EMAIL: Statement = {
  name: 'users.verify_email',
  text: `
    WITH token AS (
      UPDATE user_tokens SET used_at = now()
      WHERE token_sha256 = $1 AND purpose = 'verify' AND used_at IS NULL AND expires_at > now()
      RETURNING user_id, data
    ), before AS (
      SELECT token.user_id, token.data, CASE WHEN account.email_verified_at IS NOT NULL THEN account.email END AS was,
        account.email_verified_at IS NULL AND token.data ? 'passwordHash'
          AND account.password_hash IS DISTINCT FROM token.data->>'passwordHash' AS is_other
      FROM token JOIN users account ON account.id = token.user_id
    ), verified AS (
      UPDATE users SET
        email = coalesce(before.data->>'email', users.email),
        email_verified_at = now(),
        password_hash = CASE WHEN is_other THEN before.data->>'passwordHash' ELSE password_hash END,
        password_version = password_version + is_other::integer,
        name = CASE WHEN is_other THEN before.data->>'name' ELSE name END
      FROM before WHERE users.id = before.user_id
      RETURNING users.id, before.data, before.was
    ), voided AS (
      UPDATE user_tokens SET used_at = now()
      WHERE user_id = (SELECT id FROM verified) AND purpose = 'verify' AND used_at IS NULL AND token_sha256 <> $1
    )
    SELECT id, data, was FROM verified`,
};
