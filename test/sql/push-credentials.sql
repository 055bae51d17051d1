-- push_credentials.find
SELECT provider, updated_at AS "updatedAt" FROM push_credentials WHERE client_id = $1 AND provider = $2;

-- push_credentials.keep
INSERT INTO push_credentials (client_id, provider, secret) VALUES ($1, $2, $3)
ON CONFLICT (client_id, provider) DO UPDATE SET secret = excluded.secret, updated_at = now()
RETURNING provider, updated_at AS "updatedAt";

-- push_credentials.remove
DELETE FROM push_credentials WHERE client_id = $1 AND provider = $2 RETURNING provider;
