import { purge } from '../../../platform/database/purge.js';
import type { Statement } from '../../../platform/database/statement.js';

const COLUMNS = `held.id, held.kind, held.public, held.secret, held.client_id AS "clientId"`;

/**
 * Of no client: process `$1` serves them all. All that it holds, and up to `$2` more of those that nobody does. What is not
 * used any more it lets go; whoever dies lets go of everything.
 */
export const HOLD: Statement = {
  name: 'messaging_providers.hold',
  text: `
    WITH usable AS MATERIALIZED (
      SELECT one.client_id, one.id, one.bound_by, client.livemode FROM messaging_providers one
      JOIN clients client ON client.id = one.client_id AND client.disabled_at IS NULL
      WHERE one.kind = 'smpp' AND one.active
    ), free AS (
      SELECT one.client_id, one.id FROM messaging_providers one
      WHERE (one.client_id, one.id) IN (SELECT client_id, id FROM usable WHERE bound_by IS NULL) AND one.bound_by IS NULL
      LIMIT $2 FOR UPDATE OF one SKIP LOCKED
    ), let_go AS (
      UPDATE messaging_providers SET bound_by = NULL
      WHERE bound_by = $1 AND (client_id, id) NOT IN (SELECT client_id, id FROM usable)
    ), taken AS (
      UPDATE messaging_providers held SET bound_by = $1 FROM free
      WHERE held.client_id = free.client_id AND held.id = free.id
      RETURNING ${COLUMNS}
    )
    SELECT held.*, usable.livemode FROM (
      SELECT ${COLUMNS} FROM messaging_providers held WHERE held.bound_by = $1 UNION ALL SELECT * FROM taken
    ) held
    JOIN usable ON usable.client_id = held."clientId" AND usable.id = held.id`,
};

/** How long after one message the very same may be the same one, given again because nobody answered. */
const AGAIN = `interval '5 minutes'`;

/**
 * Part `$6` of `$5`, saying `$7`, of what provider `$2` hands over as `$3` in session `$8`; `$4` is its id where it is new. The
 * same row goes on where a part is new to it, or was given again: a whole message in a later session, a part at once.
 * Otherwise another message has the same key by now.
 */
export const TAKE_PART: Statement = {
  name: 'inbound_parts.take',
  text: `
    INSERT INTO inbound_parts (client_id, provider_id, key, id, parts, session_id)
    VALUES ($1, $2, $3, $4, jsonb_build_object($6::text, $7::text), $8)
    ON CONFLICT (client_id, provider_id, key) DO UPDATE
    SET (id, parts) = (
          SELECT CASE WHEN goes_on THEN inbound_parts.id ELSE excluded.id END,
                 CASE WHEN goes_on THEN inbound_parts.parts || excluded.parts ELSE excluded.parts END
          FROM (SELECT CASE
            WHEN inbound_parts.parts ? $6 THEN inbound_parts.parts -> $6 = excluded.parts -> $6
              AND inbound_parts.received_at > now() - ${AGAIN} AND ($5::int > 1 OR inbound_parts.session_id <> $8)
            ELSE inbound_parts.received_at > now() - interval '1 day' END AS goes_on) it),
        session_id = $8::uuid, received_at = now()
    RETURNING id, parts`,
};

/** What misses a part after a day is not put together any more. */
export const PURGE_INBOUND_PARTS = purge(
  'inbound_parts',
  `SELECT ctid FROM inbound_parts WHERE received_at < now() - interval '1 day' ORDER BY received_at LIMIT $1`,
);
