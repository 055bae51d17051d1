import type { Statement } from '../../platform/database/statement.js';
import { numberedPage } from '../numbered-page.sql.js';

const COLUMNS = `desk.customer_id AS id, desk.number::float8 AS number, speaker.name, speaker.external_id AS "externalId",
    desk.welcome, desk.created_at AS "createdAt"`;
/** Those that were not given up. */
const DESKS = `live_chat_desks desk
    JOIN addresses address
      ON address.client_id = $1 AND address.customer_id = desk.customer_id AND address.released_at IS NULL
    JOIN customers speaker ON speaker.client_id = $1 AND speaker.id = desk.customer_id`;

/** Customer `$2` is one, with welcome `$3`; of which there may be `$4`. No row: there are as many. */
export const CREATE: Statement = {
  name: 'live_chat_desks.create',
  text: `
    WITH address AS (
      INSERT INTO addresses (client_id, customer_id, medium, kind, address, capabilities)
      SELECT $1, $2, 'chat', 'desk', $2::uuid::text, '{}'
      WHERE (SELECT count(*) FROM addresses other
             WHERE other.client_id = $1 AND other.medium = 'chat' AND other.released_at IS NULL) < $4::int
      RETURNING customer_id
    )
    INSERT INTO live_chat_desks (client_id, customer_id, number, welcome)
    SELECT $1, address.customer_id, draw_numbers($1, 'desks', 1), $3 FROM address
    RETURNING customer_id AS id`,
};

/** That with number `$2`, or id `$3`; where both are null, the oldest. */
export const FIND: Statement = {
  name: 'live_chat_desks.find',
  text: `
    SELECT ${COLUMNS} FROM ${DESKS}
    WHERE desk.client_id = $1 AND ($2::bigint IS NULL OR desk.number = $2) AND ($3::uuid IS NULL OR desk.customer_id = $3)
    ORDER BY desk.number LIMIT 1`,
};

export const LIST = numberedPage('live_chat_desks.list', {
  columns: COLUMNS,
  from: DESKS,
  alias: 'desk',
  where: 'desk.client_id = $1',
});

export const WELCOME: Statement = {
  name: 'live_chat_desks.welcome',
  text: `UPDATE live_chat_desks SET welcome = $3 WHERE client_id = $1 AND customer_id = $2`,
};

/** It begins nothing any more; what was said stays. */
export const RELEASE: Statement = {
  name: 'live_chat_desks.release',
  text: `
    UPDATE addresses SET released_at = now()
    WHERE client_id = $1 AND customer_id = $2 AND medium = 'chat' AND released_at IS NULL`,
};

/** Until the commit nobody else begins to chat for customer `$3` with desk `$2`. */
export const HOLD_CHAT: Statement = {
  name: 'live_chat_desks.hold_chat',
  text: `
    SELECT pg_advisory_xact_lock(hashtextextended(concat(client_id, customer_id, $3::uuid), 0))
    FROM addresses WHERE client_id = $1 AND customer_id = $2`,
};

/** The newest that customer `$3` has with desk `$2`, where it is still in it, and that is not closed. */
export const FIND_CHAT: Statement = {
  name: 'live_chat_desks.find_chat',
  text: `
    SELECT conversation.channel_id AS id FROM conversations conversation
    JOIN channel_members member
      ON member.client_id = $1 AND member.channel_id = conversation.channel_id AND member.customer_id = $3
    WHERE conversation.client_id = $1 AND conversation.address_id = $2 AND conversation.contact_id = $3
      AND conversation.status <> 'closed'
    ORDER BY conversation.last_message_at DESC, conversation.number DESC LIMIT 1`,
};
