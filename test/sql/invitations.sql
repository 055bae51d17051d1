-- invitations.create
  INSERT INTO invitations (client_id, id, email, role, token_sha256, invited_by, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, now() + interval '7 days')
  ON CONFLICT (client_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL DO NOTHING
  RETURNING
id, email, role, invited_by AS "invitedBy", expires_at AS "expiresAt", created_at AS "createdAt";

-- invitations.find_by_token
SELECT invitation.client_id AS "clientId", invitation.id, invitation.email, invitation.role,
       client.name AS "workspaceName"
FROM invitations invitation JOIN clients client ON client.id = invitation.client_id
WHERE invitation.token_sha256 = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now() AND client.disabled_at IS NULL;

-- invitations.find_obstacles
SELECT EXISTS (
  SELECT FROM memberships membership JOIN users account ON account.id = membership.user_id
  WHERE membership.client_id = $1 AND account.email = $2
) AS "isMember", (
  SELECT count(*)::int FROM invitations open WHERE open.client_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL
) AS "open";

-- invitations.list
  SELECT counted.total AS "totalItems", page.*
  FROM (SELECT count(*)::int AS total FROM invitations WHERE client_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL) counted
  LEFT JOIN LATERAL (SELECT
id, email, role, invited_by AS "invitedBy", expires_at AS "expiresAt", created_at AS "createdAt" FROM invitations WHERE client_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3) page ON true;

-- invitations.renew
  UPDATE invitations SET expires_at = now() + interval '7 days'
  WHERE client_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL
  RETURNING
id, email, role, invited_by AS "invitedBy", expires_at AS "expiresAt", created_at AS "createdAt";

-- invitations.revoke_expired
UPDATE invitations SET revoked_at = now()
WHERE client_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at <= now();

-- invitations.revoke
UPDATE invitations SET revoked_at = now() WHERE client_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL RETURNING id;

-- invitations.set_token
UPDATE invitations SET token_sha256 = $3
FROM clients client
WHERE client_id = $1 AND client.id = $1 AND invitations.id = $2 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()
  AND client.disabled_at IS NULL
RETURNING invitations.role, client.name AS "workspaceName";

-- invitations.take
UPDATE invitations SET accepted_at = now()
WHERE client_id = $1 AND id = $2 AND token_sha256 = $3 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()
RETURNING role;
