import { purge } from '../../platform/database/purge.js';
import type { Statement } from '../../platform/database/statement.js';

/** All of these are of no client: so are users. */

const IDLE = `interval '14 days'`;
/** How long a session lasts, however much it is used. */
const LONGEST = `interval '90 days'`;
const SEEN_EVERY = `interval '10 minutes'`;

const SESSION = `
  session.id, session.user_id AS "userId", session.address, session.user_agent AS "userAgent",
  session.created_at AS "createdAt", session.last_seen_at AS "lastSeenAt", session.expires_at AS "expiresAt"`;

const IS_ALIVE = `
  session.revoked_at IS NULL AND session.expires_at > now() AND account.disabled_at IS NULL
  AND session.password_version = account.password_version`;

/** `$4` the password's version that let the user in; null: nobody asked for one. No row: there is no such user any more. */
export const CREATE: Statement = {
  name: 'user_sessions.create',
  text: `
    INSERT INTO user_sessions AS session
      (id, user_id, token_sha256, password_version, address, user_agent, expires_at, ends_at, last_seen_at)
    SELECT $1, id, $3, coalesce($4::integer, password_version), $5, $6, now() + ${IDLE}, now() + ${LONGEST}, now()
    FROM users WHERE id = $2 AND disabled_at IS NULL
    RETURNING ${SESSION}`,
};

/** Whose session this token is. */
export const FIND_BY_TOKEN: Statement = {
  name: 'user_sessions.find_by_token',
  text: `
    SELECT ${SESSION}, account.email, account.name, account.email_verified_at AS "emailVerifiedAt"
    FROM user_sessions session JOIN users account ON account.id = session.user_id
    WHERE session.token_sha256 = $1 AND ${IS_ALIVE}`,
};

/** It is in use. No row: that was written down a moment ago. */
export const SEEN: Statement = {
  name: 'user_sessions.seen',
  text: `
    UPDATE user_sessions SET last_seen_at = now(), expires_at = least(now() + ${IDLE}, ends_at)
    WHERE id = $1 AND revoked_at IS NULL AND last_seen_at <= now() - ${SEEN_EVERY}
    RETURNING last_seen_at AS "lastSeenAt", expires_at AS "expiresAt"`,
};

export const LIST: Statement = {
  name: 'user_sessions.list',
  text: `
    SELECT ${SESSION}
    FROM user_sessions session JOIN users account ON account.id = session.user_id
    WHERE session.user_id = $1 AND ${IS_ALIVE}
    ORDER BY session.created_at DESC, session.id DESC`,
};

/** One of user `$1`; again, nothing changes. No row: this user has no such session. */
export const END: Statement = {
  name: 'user_sessions.end',
  text: `
    UPDATE user_sessions SET revoked_at = coalesce(revoked_at, now()) WHERE user_id = $1 AND id = $2 RETURNING id`,
};

/** All of user `$1` but `$2`. */
export const END_OTHERS: Statement = {
  name: 'user_sessions.end_others',
  text: `
    UPDATE user_sessions SET revoked_at = now()
    WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2::uuid`,
};

/** Of these sessions, those that are good no longer; for what stays open, such as sockets. */
export const FIND_ENDED: Statement = {
  name: 'user_sessions.find_ended',
  text: `
    SELECT asked.id FROM unnest($1::uuid[]) AS asked (id)
    WHERE NOT EXISTS (
      SELECT FROM user_sessions session JOIN users account ON account.id = session.user_id
      WHERE session.id = asked.id AND ${IS_ALIVE}
    )`,
};

/** From where this e-mail's user signed in within 30 days. */
export const ADDRESSES: Statement = {
  name: 'user_sessions.addresses',
  text: `
    SELECT DISTINCT session.address
    FROM users account JOIN user_sessions session ON session.user_id = account.id
    WHERE account.email = $1 AND session.created_at > now() - interval '30 days' AND session.address IS NOT NULL`,
};

/** They are kept for 30 days more: see ADDRESSES. */
export const PURGE_USER_SESSIONS = purge(
  'user_sessions',
  `SELECT ctid FROM user_sessions WHERE expires_at <= now() - interval '30 days' ORDER BY expires_at LIMIT $1`,
);
