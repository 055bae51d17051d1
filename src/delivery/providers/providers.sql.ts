import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `id, kind, public, secret, last_error AS "lastError", created_at AS "createdAt"`;

/** The one that carries the client's messages now. */
export const FIND_ACTIVE: Statement = {
  name: 'messaging_providers.find_active',
  text: `SELECT ${COLUMNS} FROM messaging_providers WHERE client_id = $1 AND active`,
};

/** Provider `$2` for its callbacks, replaced or not. No row: there is none, or the client is disabled. */
export const FIND_FOR_CALLBACK: Statement = {
  name: 'messaging_providers.find_for_callback',
  text: `
    SELECT provider.id, provider.kind, provider.public, provider.secret, client.livemode
    FROM messaging_providers provider
    JOIN clients client ON client.id = provider.client_id AND client.disabled_at IS NULL
    WHERE provider.client_id = $1 AND provider.id = $2`,
};

/** Before one takes the place of another, in a statement of its own: the next sees what this waited for. */
export const LOCK: Statement = {
  name: 'messaging_providers.lock',
  text: `SELECT id FROM messaging_providers WHERE client_id = $1 ORDER BY id FOR UPDATE`,
};

/** All there ever were, few of them: those of one account are one. */
export const LIST: Statement = {
  name: 'messaging_providers.list',
  text: `SELECT ${COLUMNS} FROM messaging_providers WHERE client_id = $1 ORDER BY id`,
};

/** All but `$2`; where that is null, all. */
export const RETIRE: Statement = {
  name: 'messaging_providers.retire',
  text: `
    UPDATE messaging_providers SET active = false
    WHERE client_id = $1 AND active AND id IS DISTINCT FROM $2::uuid
    RETURNING id`,
};

/** No row: there is an active one already. */
export const CREATE: Statement = {
  name: 'messaging_providers.create',
  text: `
    INSERT INTO messaging_providers (client_id, id, kind, public, secret) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING
    RETURNING ${COLUMNS}`,
};

/** The settings of provider `$2` become `$3` and `$4`, and it carries the messages from now on. */
export const UPDATE: Statement = {
  name: 'messaging_providers.update',
  text: `
    UPDATE messaging_providers
    SET public = $3, secret = $4, active = true, last_error = NULL, last_error_at = NULL, catch_up_at = now()
    WHERE client_id = $1 AND id = $2
    RETURNING ${COLUMNS}`,
};

/** What went wrong at provider `$2`. The same within a minute is written once: a flood must not cost a write each. */
export const NOTE_ERROR: Statement = {
  name: 'messaging_providers.note_error',
  text: `
    UPDATE messaging_providers SET last_error = $3, last_error_at = now()
    WHERE client_id = $1 AND id = $2
      AND (last_error IS DISTINCT FROM $3 OR last_error_at < now() - interval '1 minute')`,
};

/** Of no client: a process has begun, and nobody knows how long there was none. */
export const CATCH_UP_ALL: Statement = {
  name: 'messaging_providers.catch_up_all',
  text: `
    UPDATE messaging_providers SET catch_up_at = now()
    WHERE active AND kind = 'twilio' AND catch_up_at > now()`,
};

/** Of no client: up to `$1` that may have handed over something that nobody took, each once an hour, the longest due first. */
export const CLAIM_CATCH_UP: Statement = {
  name: 'messaging_providers.claim_catch_up',
  text: `
    WITH due AS MATERIALIZED (
      SELECT one.client_id, one.id, client.livemode FROM messaging_providers one
      JOIN clients client ON client.id = one.client_id AND client.disabled_at IS NULL
      WHERE one.active AND one.kind = 'twilio' AND one.catch_up_at <= now()
      ORDER BY one.catch_up_at LIMIT $1 FOR UPDATE OF one SKIP LOCKED
    )
    UPDATE messaging_providers held SET catch_up_at = now() + interval '1 hour' FROM due
    WHERE held.client_id = due.client_id AND held.id = due.id
    RETURNING held.id, held.kind, held.public, held.secret, held.client_id AS "clientId", due.livemode`,
};

/** Of no client: up to `$4` that were sealed with another key than `$1`, after provider `$3` of client `$2`. */
export const FIND_SEALED_BEFORE: Statement = {
  name: 'messaging_providers.find_sealed_before',
  text: `
    SELECT client_id AS "clientId", id, secret FROM messaging_providers
    WHERE substring(secret FROM 1 FOR 4) <> $1 AND (client_id, id) > ($2::uuid, $3::uuid)
    ORDER BY client_id, id LIMIT $4`,
};

/** Unless it was changed in the meantime. */
export const SEAL_ANEW: Statement = {
  name: 'messaging_providers.seal_anew',
  text: `UPDATE messaging_providers SET secret = $4 WHERE client_id = $1 AND id = $2 AND secret = $3`,
};
