-- push_credentials.find
SELECT provider, updated_at AS "updatedAt" FROM push_credentials WHERE client_id = $1 AND provider = $2;

-- push_credentials.find_sealed_before
SELECT client_id AS "clientId", provider, secret FROM push_credentials
WHERE substring(secret FROM 1 FOR 4) <> $1 AND (client_id, provider) > ($2::uuid, $3)
ORDER BY client_id, provider LIMIT $4;

-- push_credentials.keep
INSERT INTO push_credentials (client_id, provider, secret) VALUES ($1, $2, $3)
ON CONFLICT (client_id, provider) DO UPDATE SET secret = excluded.secret, updated_at = now()
RETURNING provider, updated_at AS "updatedAt";

-- push_credentials.remove
DELETE FROM push_credentials WHERE client_id = $1 AND provider = $2 RETURNING provider;

-- push_credentials.seal_anew
UPDATE push_credentials SET secret = $4 WHERE client_id = $1 AND provider = $2 AND secret = $3;
