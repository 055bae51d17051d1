-- memberships.add
INSERT INTO memberships (client_id, user_id, role) VALUES ($1, $2, $3)
ON CONFLICT (client_id, user_id) DO NOTHING RETURNING user_id AS "userId";

-- memberships.find_active
SELECT coalesce(account.active_client_id, (
  SELECT client.id
  FROM memberships membership JOIN clients client ON client.id = membership.client_id
  WHERE membership.user_id = $1 AND client.disabled_at IS NULL
  ORDER BY membership.created_at DESC, client.id DESC
  LIMIT 1
)) AS "clientId"
FROM users account WHERE account.id = $1;

-- memberships.find_by_number
SELECT client.id AS "clientId"
FROM clients client JOIN memberships membership ON membership.client_id = client.id
WHERE membership.user_id = $1 AND client.number = $2;

-- memberships.find
SELECT membership.role, client.livemode, client.public_key AS "publicKey"
FROM memberships membership JOIN clients client ON client.id = membership.client_id
WHERE membership.client_id = $1 AND membership.user_id = $2 AND client.disabled_at IS NULL;

-- memberships.list_of_user
SELECT client.id, client.number::float8 AS number, client.name, membership.role, client.livemode
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
