-- messaging_providers.catch_up_all
UPDATE messaging_providers SET catch_up_at = now()
WHERE active AND kind = 'twilio' AND catch_up_at > now();

-- messaging_providers.claim_catch_up
WITH due AS MATERIALIZED (
  SELECT one.client_id, one.id, client.livemode FROM messaging_providers one
  JOIN clients client ON client.id = one.client_id AND client.disabled_at IS NULL
  WHERE one.active AND one.kind = 'twilio' AND one.catch_up_at <= now()
  ORDER BY one.catch_up_at LIMIT $1 FOR UPDATE OF one SKIP LOCKED
)
UPDATE messaging_providers held SET catch_up_at = now() + interval '1 hour' FROM due
WHERE held.client_id = due.client_id AND held.id = due.id
RETURNING held.id, held.kind, held.public, held.secret, held.client_id AS "clientId", due.livemode;

-- messaging_providers.create
INSERT INTO messaging_providers (client_id, id, kind, public, secret) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
RETURNING id, kind, public, secret, last_error AS "lastError", created_at AS "createdAt";

-- messaging_providers.find_active
SELECT id, kind, public, secret, last_error AS "lastError", created_at AS "createdAt" FROM messaging_providers WHERE client_id = $1 AND active;

-- messaging_providers.find_for_callback
SELECT provider.id, provider.kind, provider.public, provider.secret, client.livemode
FROM messaging_providers provider
JOIN clients client ON client.id = provider.client_id AND client.disabled_at IS NULL
WHERE provider.client_id = $1 AND provider.id = $2;

-- messaging_providers.find_sealed_before
SELECT client_id AS "clientId", id, secret FROM messaging_providers
WHERE substring(secret FROM 1 FOR 4) <> $1 AND (client_id, id) > ($2::uuid, $3::uuid)
ORDER BY client_id, id LIMIT $4;

-- messaging_providers.list
SELECT id, kind, public, secret, last_error AS "lastError", created_at AS "createdAt" FROM messaging_providers WHERE client_id = $1 ORDER BY id;

-- messaging_providers.lock
SELECT id FROM messaging_providers WHERE client_id = $1 ORDER BY id FOR UPDATE;

-- messaging_providers.note_error
UPDATE messaging_providers SET last_error = $3, last_error_at = now()
WHERE client_id = $1 AND id = $2
  AND (last_error IS DISTINCT FROM $3 OR last_error_at < now() - interval '1 minute');

-- messaging_providers.retire
UPDATE messaging_providers SET active = false
WHERE client_id = $1 AND active AND id IS DISTINCT FROM $2::uuid
RETURNING id;

-- messaging_providers.seal_anew
UPDATE messaging_providers SET secret = $4 WHERE client_id = $1 AND id = $2 AND secret = $3;

-- messaging_providers.update
UPDATE messaging_providers
SET public = $3, secret = $4, active = true, last_error = NULL, last_error_at = NULL, catch_up_at = now()
WHERE client_id = $1 AND id = $2
RETURNING id, kind, public, secret, last_error AS "lastError", created_at AS "createdAt";
