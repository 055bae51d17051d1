import type { Statement } from '../../platform/database/statement.js';

/** Where there is none yet, this one becomes the default. */
const BECOMES_DEFAULT = `NOT EXISTS (SELECT FROM addresses other WHERE other.client_id = $1 AND other.is_default)`;

/** A code is to be sent to number `$2`, by whichever process speaks to its provider. No row: it needs none. */
export const ASK: Statement = {
  name: 'codes.ask',
  text: `
    INSERT INTO delivery_jobs (client_id, id, kind, channel_id, position)
    SELECT $1, address.customer_id, 'verify', address.customer_id, 0 FROM addresses address
    WHERE address.client_id = $1 AND address.customer_id = $2 AND address.released_at IS NULL
      AND address.verified_at IS NULL
    ON CONFLICT (client_id, id, kind) DO UPDATE SET next_attempt_at = now()
    RETURNING id`,
};

/** The code of number `$2` is `$3` from now on, for ten minutes. No row: it needs none. */
export const KEEP: Statement = {
  name: 'codes.keep',
  text: `
    UPDATE addresses SET code_sha256 = $3, code_tries = 0, code_until = now() + interval '10 minutes'
    FROM messaging_providers carrier
    WHERE addresses.client_id = $1 AND addresses.customer_id = $2 AND addresses.released_at IS NULL
      AND addresses.verified_at IS NULL
      AND carrier.client_id = $1 AND carrier.id = addresses.provider_id AND carrier.active
    RETURNING addresses.address, carrier.id, carrier.kind, carrier.public, carrier.secret`,
};

/** `$3` is tried on number `$2`. Whoever comes at once waits for the row, so that five tries are five. No row: there is no code. */
export const TRY: Statement = {
  name: 'codes.try',
  text: `
    UPDATE addresses
    SET code_tries = code_tries + 1,
        verified_at = CASE WHEN code_sha256 = $3 THEN coalesce(verified_at, now()) ELSE verified_at END,
        is_default = is_default OR code_sha256 = $3 AND ${BECOMES_DEFAULT}
    WHERE addresses.client_id = $1 AND customer_id = $2 AND released_at IS NULL
      AND code_until > now() AND code_tries < 5
    RETURNING code_sha256 = $3 AS "isRight"`,
};

/** Number `$2` is the client's, as an owner says. No row: there is none, or its provider knows for itself. */
export const ATTEST: Statement = {
  name: 'codes.attest',
  text: `
    UPDATE addresses
    SET verified_at = coalesce(verified_at, now()), is_default = is_default OR ${BECOMES_DEFAULT}
    FROM messaging_providers carrier
    WHERE addresses.client_id = $1 AND customer_id = $2 AND released_at IS NULL
      AND carrier.client_id = $1 AND carrier.id = addresses.provider_id AND carrier.active
      AND carrier.kind IN ('smpp', 'http')
    RETURNING customer_id AS id`,
};
