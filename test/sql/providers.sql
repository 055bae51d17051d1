-- messaging_providers.create
INSERT INTO messaging_providers (client_id, id, kind) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING
RETURNING id, kind, public, last_error AS "lastError", created_at AS "createdAt";

-- messaging_providers.find_active
SELECT id, kind, public, last_error AS "lastError", created_at AS "createdAt" FROM messaging_providers WHERE client_id = $1 AND active;
