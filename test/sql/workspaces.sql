-- workspaces.count_owned
SELECT count(*)::int AS owned
FROM memberships membership JOIN clients client ON client.id = membership.client_id
WHERE membership.user_id = $1 AND membership.role = 'owner' AND client.disabled_at IS NULL;

-- workspaces.find
  SELECT
client.id, client.name, client.livemode, client.public_key AS "publicKey", client.domain,
client.allowed_subdomains AS "allowedSubdomains", client.allowed_ips AS "allowedIps",
client.created_at AS "createdAt", membership.role,
coalesce(settings.default_country, 'US') AS "defaultCountry", coalesce(settings.timezone, 'UTC') AS timezone,
coalesce(settings.smart_encoding, true) AS "smartEncoding", coalesce(settings.opt_out, '{}'::jsonb) AS "optOut",
coalesce(settings.asks_for_ratings, false) AS "asksForRatings"
  FROM memberships membership
  JOIN clients client ON client.id = membership.client_id AND client.disabled_at IS NULL
  LEFT JOIN workspace_settings settings ON settings.client_id = $1
  WHERE membership.client_id = $1 AND membership.user_id = $2;

-- workspaces.list_of_user
  SELECT counted.total AS "totalItems", page.*
  FROM (SELECT count(*)::int AS total FROM
memberships membership
JOIN clients client ON client.id = membership.client_id AND client.disabled_at IS NULL
LEFT JOIN workspace_settings settings ON settings.client_id = membership.client_id WHERE membership.user_id = $1) counted
  LEFT JOIN LATERAL (SELECT
client.id, client.name, client.livemode, client.public_key AS "publicKey", client.domain,
client.allowed_subdomains AS "allowedSubdomains", client.allowed_ips AS "allowedIps",
client.created_at AS "createdAt", membership.role,
coalesce(settings.default_country, 'US') AS "defaultCountry", coalesce(settings.timezone, 'UTC') AS timezone,
coalesce(settings.smart_encoding, true) AS "smartEncoding", coalesce(settings.opt_out, '{}'::jsonb) AS "optOut",
coalesce(settings.asks_for_ratings, false) AS "asksForRatings" FROM
memberships membership
JOIN clients client ON client.id = membership.client_id AND client.disabled_at IS NULL
LEFT JOIN workspace_settings settings ON settings.client_id = membership.client_id WHERE membership.user_id = $1 ORDER BY client.created_at DESC, client.id DESC LIMIT $2 OFFSET $3) page ON true;

-- workspaces.lock_owner
SELECT id FROM users WHERE id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE;

-- workspaces.summarise
SELECT client.id, client.number::float8 AS number, client.name, client.created_at AS "createdAt",
       coalesce(settings.default_country, 'US') AS "defaultCountry", coalesce(settings.timezone, 'UTC') AS timezone,
       coalesce(settings.smart_encoding, true) AS "smartEncoding",
       coalesce(settings.asks_for_ratings, false) AS "asksForRatings", counted.contacts, counted.conversations, (
         SELECT count(*)::int FROM memberships membership WHERE membership.client_id = $1
       ) AS members
FROM clients client
LEFT JOIN workspace_settings settings ON settings.client_id = $1
CROSS JOIN LATERAL (
  SELECT coalesce(sum(value) FILTER (WHERE name LIKE 'contacts.%'), 0)::int AS contacts,
         coalesce(sum(value) FILTER (WHERE name LIKE 'conversations.%'), 0)::int AS conversations
  FROM counters WHERE client_id = $1
) counted
WHERE client.id = $1;
