-- revocations.find_disabled
SELECT id FROM clients WHERE id = ANY($1::uuid[]) AND disabled_at IS NOT NULL;

-- revocations.find_revoked
SELECT asked.id
FROM unnest($1::uuid[], $2::uuid[]) AS asked (client_id, id)
LEFT JOIN clients client ON client.id = asked.client_id AND client.disabled_at IS NULL
LEFT JOIN customer_sessions session ON session.client_id = asked.client_id AND session.id = asked.id
  AND session.revoked_at IS NULL AND session.expires_at > now()
LEFT JOIN api_keys key ON key.client_id = asked.client_id AND key.id = asked.id
  AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now())
WHERE client.id IS NULL OR (session.id IS NULL AND key.id IS NULL);
