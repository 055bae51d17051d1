-- workspace_members.get
SELECT
account.id, account.name, account.email, membership.role, membership.created_at AS "joinedAt",
account.totp_confirmed_at IS NOT NULL AS "twoFactor", (
  SELECT max(session.last_seen_at) FROM user_sessions session WHERE session.user_id = account.id
) AS "lastSeenAt" FROM memberships membership JOIN users account ON account.id = membership.user_id WHERE membership.client_id = $1 AND membership.user_id = $2;

-- workspace_members.list
SELECT counted.total AS "totalItems", page.*
FROM (SELECT count(*)::int AS total FROM memberships membership JOIN users account ON account.id = membership.user_id WHERE membership.client_id = $1) counted
LEFT JOIN LATERAL (SELECT
account.id, account.name, account.email, membership.role, membership.created_at AS "joinedAt",
account.totp_confirmed_at IS NOT NULL AS "twoFactor", (
  SELECT max(session.last_seen_at) FROM user_sessions session WHERE session.user_id = account.id
) AS "lastSeenAt" FROM memberships membership JOIN users account ON account.id = membership.user_id WHERE membership.client_id = $1 ORDER BY membership.created_at DESC, account.id DESC LIMIT $2 OFFSET $3) page ON true;
