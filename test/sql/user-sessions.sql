-- user_sessions.addresses
SELECT DISTINCT session.address
FROM users account JOIN user_sessions session ON session.user_id = account.id
WHERE account.email = $1 AND session.created_at > now() - interval '30 days' AND session.address IS NOT NULL;

-- user_sessions.create
  INSERT INTO user_sessions AS session
    (id, user_id, token_sha256, password_version, address, user_agent, expires_at, ends_at, last_seen_at)
  SELECT $1, id, $3, coalesce($4::integer, password_version), $5, $6, now() + interval '14 days', now() + interval '90 days', now()
  FROM users WHERE id = $2 AND disabled_at IS NULL
  RETURNING
session.id, session.user_id AS "userId", session.address, session.user_agent AS "userAgent",
session.created_at AS "createdAt", session.last_seen_at AS "lastSeenAt", session.expires_at AS "expiresAt";

-- user_sessions.end
UPDATE user_sessions SET revoked_at = coalesce(revoked_at, now()) WHERE user_id = $1 AND id = $2 RETURNING id;

-- user_sessions.end_others
UPDATE user_sessions SET revoked_at = now()
WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2::uuid;

-- user_sessions.find_by_token
  SELECT
session.id, session.user_id AS "userId", session.address, session.user_agent AS "userAgent",
session.created_at AS "createdAt", session.last_seen_at AS "lastSeenAt", session.expires_at AS "expiresAt", account.email, account.name, account.email_verified_at AS "emailVerifiedAt"
  FROM user_sessions session JOIN users account ON account.id = session.user_id
  WHERE session.token_sha256 = $1 AND
session.revoked_at IS NULL AND session.expires_at > now() AND account.disabled_at IS NULL
AND session.password_version = account.password_version;

-- user_sessions.find_ended
  SELECT asked.id FROM unnest($1::uuid[]) AS asked (id)
  WHERE NOT EXISTS (
    SELECT FROM user_sessions session JOIN users account ON account.id = session.user_id
    WHERE session.id = asked.id AND
session.revoked_at IS NULL AND session.expires_at > now() AND account.disabled_at IS NULL
AND session.password_version = account.password_version
  );

-- user_sessions.list
  SELECT
session.id, session.user_id AS "userId", session.address, session.user_agent AS "userAgent",
session.created_at AS "createdAt", session.last_seen_at AS "lastSeenAt", session.expires_at AS "expiresAt"
  FROM user_sessions session JOIN users account ON account.id = session.user_id
  WHERE session.user_id = $1 AND
session.revoked_at IS NULL AND session.expires_at > now() AND account.disabled_at IS NULL
AND session.password_version = account.password_version
  ORDER BY session.created_at DESC, session.id DESC;

-- housekeeping.purge_user_sessions
WITH purged AS (
  DELETE FROM user_sessions WHERE ctid = ANY (ARRAY(SELECT ctid FROM user_sessions WHERE expires_at <= now() - interval '30 days' ORDER BY expires_at LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- user_sessions.seen
UPDATE user_sessions SET last_seen_at = now(), expires_at = least(now() + interval '14 days', ends_at)
WHERE id = $1 AND revoked_at IS NULL AND last_seen_at <= now() - interval '10 minutes'
RETURNING last_seen_at AS "lastSeenAt", expires_at AS "expiresAt";
