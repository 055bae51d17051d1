-- addresses.create
INSERT INTO addresses (client_id, customer_id, kind, provider_id, address, name, verified_at, is_default, capabilities)
SELECT $1, $2, $3, $4, $5, $6, CASE WHEN $7::boolean THEN now() END,
       $7::boolean AND NOT EXISTS (SELECT FROM addresses other WHERE other.client_id = $1 AND other.medium = 'sms' AND other.is_default),
       coalesce($8::text[], '{sms,mms}')
ON CONFLICT DO NOTHING
RETURNING addresses.customer_id AS id, addresses.kind, addresses.address, addresses.provider_id AS "providerId", addresses.name,
  addresses.capabilities, addresses.is_default AS "isDefault", addresses.verified_at AS "verifiedAt",
  addresses.created_at AS "createdAt",
  (SELECT service.customer_id FROM addresses service
   WHERE service.client_id = $1 AND service.customer_id = addresses.service_id AND service.released_at IS NULL) AS "serviceId";

-- addresses.find
SELECT address.customer_id AS id, address.kind, address.address, address.provider_id AS "providerId", address.name,
  address.capabilities, address.is_default AS "isDefault", address.verified_at AS "verifiedAt",
  address.created_at AS "createdAt",
  (SELECT service.customer_id FROM addresses service
   WHERE service.client_id = $1 AND service.customer_id = address.service_id AND service.released_at IS NULL) AS "serviceId" FROM addresses address
WHERE address.client_id = $1 AND address.customer_id = $2 AND address.medium = 'sms'
  AND address.released_at IS NULL;

-- addresses.find_by_address
SELECT address.customer_id AS id, address.kind, address.address, address.provider_id AS "providerId", address.name,
  address.capabilities, address.is_default AS "isDefault", address.verified_at AS "verifiedAt",
  address.created_at AS "createdAt",
  (SELECT service.customer_id FROM addresses service
   WHERE service.client_id = $1 AND service.customer_id = address.service_id AND service.released_at IS NULL) AS "serviceId" FROM addresses address
WHERE address.client_id = $1 AND address.medium = 'sms' AND address.released_at IS NULL
  AND CASE WHEN $2::text IS NULL THEN address.is_default ELSE address.address = $2 END;

-- addresses.list
SELECT address.customer_id AS id, address.kind, address.address, address.provider_id AS "providerId", address.name,
  address.capabilities, address.is_default AS "isDefault", address.verified_at AS "verifiedAt",
  address.created_at AS "createdAt",
  (SELECT service.customer_id FROM addresses service
   WHERE service.client_id = $1 AND service.customer_id = address.service_id AND service.released_at IS NULL) AS "serviceId" FROM addresses address
WHERE address.client_id = $1 AND address.medium = 'sms' AND address.released_at IS NULL
ORDER BY address.created_at DESC, address.customer_id DESC;

-- addresses.lock
SELECT id FROM messaging_providers WHERE client_id = $1 AND active FOR UPDATE;

-- addresses.lose
UPDATE addresses SET verified_at = NULL, is_default = false
WHERE client_id = $1 AND provider_id = $2 AND kind = 'number' AND released_at IS NULL AND verified_at IS NOT NULL
  AND address <> ALL($3::text[])
RETURNING addresses.customer_id AS id, addresses.kind, addresses.address, addresses.provider_id AS "providerId", addresses.name,
  addresses.capabilities, addresses.is_default AS "isDefault", addresses.verified_at AS "verifiedAt",
  addresses.created_at AS "createdAt",
  (SELECT service.customer_id FROM addresses service
   WHERE service.client_id = $1 AND service.customer_id = addresses.service_id AND service.released_at IS NULL) AS "serviceId";

-- addresses.mark
UPDATE addresses SET service_id = CASE WHEN addresses.address = ANY($3::text[]) THEN service.customer_id END
FROM addresses service
WHERE addresses.client_id = $1 AND service.client_id = $1 AND service.customer_id = $2
  AND addresses.provider_id = service.provider_id AND addresses.kind = 'number' AND addresses.released_at IS NULL
  AND (addresses.address = ANY($3::text[])) <> (addresses.service_id IS NOT DISTINCT FROM service.customer_id);

-- addresses.move
UPDATE addresses
SET provider_id = $3, service_id = NULL, name = coalesce($4, name), verified_at = CASE WHEN $5::boolean THEN now() END,
    is_default = is_default OR $5::boolean AND NOT EXISTS (
      SELECT FROM addresses other WHERE other.client_id = $1 AND other.medium = 'sms' AND other.is_default)
WHERE client_id = $1 AND address = $2 AND medium = 'sms' AND released_at IS NULL AND provider_id <> $3
RETURNING addresses.customer_id AS id, addresses.kind, addresses.address, addresses.provider_id AS "providerId", addresses.name,
  addresses.capabilities, addresses.is_default AS "isDefault", addresses.verified_at AS "verifiedAt",
  addresses.created_at AS "createdAt",
  (SELECT service.customer_id FROM addresses service
   WHERE service.client_id = $1 AND service.customer_id = addresses.service_id AND service.released_at IS NULL) AS "serviceId";

-- addresses.release
UPDATE addresses SET released_at = now(), is_default = false
WHERE client_id = $1 AND customer_id = $2 AND medium = 'sms' AND released_at IS NULL
RETURNING customer_id;

-- addresses.update
WITH former AS (
  UPDATE addresses SET is_default = false
  WHERE client_id = $1 AND medium = 'sms' AND is_default AND customer_id <> $2 AND $5::boolean
  RETURNING customer_id
)
UPDATE addresses AS address
SET name = CASE WHEN $4::boolean THEN $3 ELSE address.name END, is_default = address.is_default OR $5::boolean
WHERE address.client_id = $1 AND address.customer_id = $2 AND address.medium = 'sms' AND address.released_at IS NULL
  AND (SELECT count(*) FROM former) >= 0
RETURNING address.customer_id AS id, address.kind, address.address, address.provider_id AS "providerId", address.name,
  address.capabilities, address.is_default AS "isDefault", address.verified_at AS "verifiedAt",
  address.created_at AS "createdAt",
  (SELECT service.customer_id FROM addresses service
   WHERE service.client_id = $1 AND service.customer_id = address.service_id AND service.released_at IS NULL) AS "serviceId";

-- addresses.verify
UPDATE addresses
SET verified_at = now(), is_default = is_default OR NOT EXISTS (
      SELECT FROM addresses other WHERE other.client_id = $1 AND other.medium = 'sms' AND other.is_default)
WHERE client_id = $1 AND address = $2 AND medium = 'sms' AND released_at IS NULL
RETURNING addresses.customer_id AS id, addresses.kind, addresses.address, addresses.provider_id AS "providerId", addresses.name,
  addresses.capabilities, addresses.is_default AS "isDefault", addresses.verified_at AS "verifiedAt",
  addresses.created_at AS "createdAt",
  (SELECT service.customer_id FROM addresses service
   WHERE service.client_id = $1 AND service.customer_id = addresses.service_id AND service.released_at IS NULL) AS "serviceId";
