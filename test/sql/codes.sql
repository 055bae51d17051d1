-- codes.ask
INSERT INTO delivery_jobs (client_id, id, kind, channel_id, position)
SELECT $1, address.customer_id, 'verify', address.customer_id, 0 FROM addresses address
WHERE address.client_id = $1 AND address.customer_id = $2 AND address.released_at IS NULL
  AND address.verified_at IS NULL
ON CONFLICT (client_id, id, kind) DO UPDATE SET next_attempt_at = now()
RETURNING id;

-- codes.attest
UPDATE addresses
SET verified_at = coalesce(verified_at, now()), is_default = is_default OR NOT EXISTS (SELECT FROM addresses other WHERE other.client_id = $1 AND other.is_default)
FROM messaging_providers carrier
WHERE addresses.client_id = $1 AND customer_id = $2 AND released_at IS NULL
  AND carrier.client_id = $1 AND carrier.id = addresses.provider_id AND carrier.active
  AND carrier.kind IN ('smpp', 'http')
RETURNING customer_id AS id;

-- codes.keep
UPDATE addresses SET code_sha256 = $3, code_tries = 0, code_until = now() + interval '10 minutes'
FROM messaging_providers carrier
WHERE addresses.client_id = $1 AND addresses.customer_id = $2 AND addresses.released_at IS NULL
  AND addresses.verified_at IS NULL
  AND carrier.client_id = $1 AND carrier.id = addresses.provider_id AND carrier.active
RETURNING addresses.address, carrier.id, carrier.kind, carrier.public, carrier.secret;

-- codes.try
UPDATE addresses
SET code_tries = code_tries + 1,
    verified_at = CASE WHEN code_sha256 = $3 THEN coalesce(verified_at, now()) ELSE verified_at END,
    is_default = is_default OR code_sha256 = $3 AND NOT EXISTS (SELECT FROM addresses other WHERE other.client_id = $1 AND other.is_default)
WHERE addresses.client_id = $1 AND customer_id = $2 AND released_at IS NULL
  AND code_until > now() AND code_tries < 5
RETURNING code_sha256 = $3 AS "isRight";
