-- memberships.add
INSERT INTO memberships (client_id, user_id, role) VALUES ($1, $2, $3)
ON CONFLICT (client_id, user_id) DO NOTHING RETURNING user_id AS "userId";

-- memberships.find
SELECT membership.role, client.livemode
FROM memberships membership JOIN clients client ON client.id = membership.client_id
WHERE membership.client_id = $1 AND membership.user_id = $2 AND client.disabled_at IS NULL;

-- memberships.list_of_user
SELECT client.id, client.name, membership.role, client.livemode
FROM memberships membership JOIN clients client ON client.id = membership.client_id
WHERE membership.user_id = $1 AND client.disabled_at IS NULL
ORDER BY membership.created_at DESC, client.id DESC;

-- memberships.list_sites
SELECT client.id AS "clientId", client.domain, client.allowed_subdomains AS "allowedSubdomains"
FROM memberships membership JOIN clients client ON client.id = membership.client_id
WHERE membership.user_id = $1 AND client.disabled_at IS NULL;

-- memberships.lock
SELECT user_id AS "userId", role FROM memberships
WHERE client_id = $1 AND (role = 'owner' OR user_id = ANY ($2::uuid[]))
ORDER BY user_id FOR UPDATE;

-- memberships.remove
DELETE FROM memberships WHERE client_id = $1 AND user_id = $2;

-- memberships.set_role
UPDATE memberships SET role = $3 WHERE client_id = $1 AND user_id = $2;
