import type { Statement } from '../../platform/database/statement.js';

/** Those of phones; those of mail stand with their accounts. */
const columns = (
  row: string,
): string => `${row}.customer_id AS id, ${row}.kind, ${row}.address, ${row}.provider_id AS "providerId", ${row}.name,
      ${row}.capabilities, ${row}.is_default AS "isDefault", ${row}.verified_at AS "verifiedAt",
      ${row}.created_at AS "createdAt",
      (SELECT service.customer_id FROM addresses service
       WHERE service.client_id = $1 AND service.customer_id = ${row}.service_id AND service.released_at IS NULL) AS "serviceId"`;

/**
 * Number `$5` for customer `$2`, of kind `$3` and at provider `$4`, called `$6`; verified where `$7`. It sends `$8`, or where that
 * is null all there is. The first verified one is the default. No row: the client has it already.
 */
export const CREATE: Statement = {
  name: 'addresses.create',
  text: `
    INSERT INTO addresses (client_id, customer_id, kind, provider_id, address, name, verified_at, is_default, capabilities)
    SELECT $1, $2, $3, $4, $5, $6, CASE WHEN $7::boolean THEN now() END,
           $7::boolean AND NOT EXISTS (SELECT FROM addresses other WHERE other.client_id = $1 AND other.medium = 'sms' AND other.is_default),
           coalesce($8::text[], '{sms,mms}')
    ON CONFLICT DO NOTHING
    RETURNING ${columns('addresses')}`,
};

/**
 * Number `$2` of another provider becomes one of provider `$3`, verified where `$5`; called `$4`, where that is not null. It is
 * in no service there.
 */
export const MOVE: Statement = {
  name: 'addresses.move',
  text: `
    UPDATE addresses
    SET provider_id = $3, service_id = NULL, name = coalesce($4, name), verified_at = CASE WHEN $5::boolean THEN now() END,
        is_default = is_default OR $5::boolean AND NOT EXISTS (
          SELECT FROM addresses other WHERE other.client_id = $1 AND other.medium = 'sms' AND other.is_default)
    WHERE client_id = $1 AND address = $2 AND medium = 'sms' AND released_at IS NULL AND provider_id <> $3
    RETURNING ${columns('addresses')}`,
};

/** Number `$2` is the account's again, as its provider says. */
export const VERIFY: Statement = {
  name: 'addresses.verify',
  text: `
    UPDATE addresses
    SET verified_at = now(), is_default = is_default OR NOT EXISTS (
          SELECT FROM addresses other WHERE other.client_id = $1 AND other.medium = 'sms' AND other.is_default)
    WHERE client_id = $1 AND address = $2 AND medium = 'sms' AND released_at IS NULL
    RETURNING ${columns('addresses')}`,
};

/** Of the numbers at provider `$2` only `$3` are the account's: the others, which it had, may not speak any more. */
export const LOSE: Statement = {
  name: 'addresses.lose',
  text: `
    UPDATE addresses SET verified_at = NULL, is_default = false
    WHERE client_id = $1 AND provider_id = $2 AND kind = 'number' AND released_at IS NULL AND verified_at IS NOT NULL
      AND address <> ALL($3::text[])
    RETURNING ${columns('addresses')}`,
};

/** Of the numbers of its provider, `$3` are those of service `$2`. */
export const MARK: Statement = {
  name: 'addresses.mark',
  text: `
    UPDATE addresses SET service_id = CASE WHEN addresses.address = ANY($3::text[]) THEN service.customer_id END
    FROM addresses service
    WHERE addresses.client_id = $1 AND service.client_id = $1 AND service.customer_id = $2
      AND addresses.provider_id = service.provider_id AND addresses.kind = 'number' AND addresses.released_at IS NULL
      AND (addresses.address = ANY($3::text[])) <> (addresses.service_id IS NOT DISTINCT FROM service.customer_id)`,
};

/** Before one is added, or becomes the default, in a statement of its own: the next sees what this waited for. */
export const LOCK: Statement = {
  name: 'addresses.lock',
  text: `SELECT id FROM messaging_providers WHERE client_id = $1 AND active FOR UPDATE`,
};

export const FIND: Statement = {
  name: 'addresses.find',
  text: `
    SELECT ${columns('address')} FROM addresses address
    WHERE address.client_id = $1 AND address.customer_id = $2 AND address.medium = 'sms'
      AND address.released_at IS NULL`,
};

/** The one that says `$2`, or the default where that is null. */
export const FIND_BY_ADDRESS: Statement = {
  name: 'addresses.find_by_address',
  text: `
    SELECT ${columns('address')} FROM addresses address
    WHERE address.client_id = $1 AND address.medium = 'sms' AND address.released_at IS NULL
      AND CASE WHEN $2::text IS NULL THEN address.is_default ELSE address.address = $2 END`,
};

/** Newest first: a client has few. */
export const LIST: Statement = {
  name: 'addresses.list',
  text: `
    SELECT ${columns('address')} FROM addresses address
    WHERE address.client_id = $1 AND address.medium = 'sms' AND address.released_at IS NULL
    ORDER BY address.created_at DESC, address.customer_id DESC`,
};

/** To name `$3` where `$4`; the default where `$5`. */
export const UPDATE: Statement = {
  name: 'addresses.update',
  text: `
    WITH former AS (
      UPDATE addresses SET is_default = false
      WHERE client_id = $1 AND medium = 'sms' AND is_default AND customer_id <> $2 AND $5::boolean
      RETURNING customer_id
    )
    UPDATE addresses AS address
    SET name = CASE WHEN $4::boolean THEN $3 ELSE address.name END, is_default = address.is_default OR $5::boolean
    WHERE address.client_id = $1 AND address.customer_id = $2 AND address.medium = 'sms' AND address.released_at IS NULL
      AND (SELECT count(*) FROM former) >= 0
    RETURNING ${columns('address')}`,
};

/** No row: there is none. */
export const RELEASE: Statement = {
  name: 'addresses.release',
  text: `
    UPDATE addresses SET released_at = now(), is_default = false
    WHERE client_id = $1 AND customer_id = $2 AND medium = 'sms' AND released_at IS NULL
    RETURNING customer_id`,
};
