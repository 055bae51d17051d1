import { RAISED, raise } from '../jobs/raise.js';
import type { Statement } from '../database/statement.js';

const COLUMNS = `id, name, email, metadata, created_at AS "createdAt", latest_message_at AS "latestMessageAt"`;

/** How many rows the whole list has, from the counter its writers keep. */
const TOTAL = (name: string): string =>
  `(SELECT value FROM counters WHERE client_id = $1 AND name = '${name}') AS "totalCount"`;

/** No row: the e-mail is taken. The counter moves only with a new row. */
export const CREATE: Statement = {
  name: 'customers.create',
  text: `
    WITH created AS (
      INSERT INTO customers (client_id, id, name, email, metadata) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (client_id, email) DO NOTHING
      RETURNING ${COLUMNS}
    ), counted AS (
      UPDATE counters SET value = value + 1
      WHERE client_id = $1 AND name = 'customers' AND EXISTS (SELECT FROM created)
    ), ${raise(`
      SELECT 'customer.created' AS type, NULL::uuid AS channel_id, id AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM created`)}
    SELECT created.*, ${RAISED} FROM created`,
};

export const FIND: Statement = {
  name: 'customers.find',
  text: `SELECT ${COLUMNS} FROM customers WHERE client_id = $1 AND id = $2`,
};

/** Those of `$2` that are there. */
export const FIND_MANY: Statement = {
  name: 'customers.find_many',
  text: `SELECT ${COLUMNS} FROM customers WHERE client_id = $1 AND id = ANY($2::uuid[])`,
};

export const FIND_BY_EMAIL: Statement = {
  name: 'customers.find_by_email',
  text: `SELECT ${COLUMNS} FROM customers WHERE client_id = $1 AND email = $2`,
};

/** `$3` name and `$4` e-mail where they are not null, `$6` metadata where `$5`. */
export const UPDATE: Statement = {
  name: 'customers.update',
  text: `
    WITH changed AS (
      UPDATE customers
      SET name = coalesce($3, name), email = coalesce($4, email),
          metadata = CASE WHEN $5 THEN $6::jsonb ELSE metadata END
      WHERE client_id = $1 AND id = $2
        AND (name <> $3 OR email IS DISTINCT FROM coalesce($4, email) OR $5 AND metadata IS DISTINCT FROM $6::jsonb)
      RETURNING id
    ), ${raise(`
      SELECT 'customer.updated' AS type, NULL::uuid AS channel_id, id AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM changed`)}
    SELECT ${RAISED}`,
};

/** Newest first. `$2` how many, `$3` the id to start after or null. */
export const LIST: Statement = {
  name: 'customers.list',
  text: `
    SELECT ${TOTAL('customers')}, ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
    FROM (VALUES (1)) AS one
    LEFT JOIN customers cursor ON cursor.client_id = $1 AND cursor.id = $3
    LEFT JOIN LATERAL (
      SELECT ${COLUMNS} FROM customers
      WHERE client_id = $1 AND id < coalesce($3, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
      ORDER BY id DESC LIMIT $2
    ) page ON true`,
};

/** Who wrote last, first. The two columns compare as one, so the cursor's row itself need not be there any more. */
export const LIST_ACTIVE: Statement = {
  name: 'customers.list_active',
  text: `
    SELECT ${TOTAL('active_customers')}, ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
    FROM (VALUES (1)) AS one
    LEFT JOIN customers cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.latest_message_at IS NOT NULL
    LEFT JOIN LATERAL (
      SELECT ${COLUMNS} FROM customers
      WHERE client_id = $1 AND latest_message_at IS NOT NULL
        AND (latest_message_at, id) < (
          coalesce(cursor.latest_message_at, 'infinity'),
          coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
      ORDER BY latest_message_at DESC, id DESC LIMIT $2
    ) page ON true`,
};

/**
 * Whoever shares a channel with the sender in which one of the two has written; bounded by the sender's channels, however
 * many messages those hold. `$4` is the sender's e-mail; an unknown one yields an empty list.
 */
export const LIST_ACTIVE_FOR_SENDER: Statement = {
  name: 'customers.list_active_for_sender',
  text: `
    WITH partners AS MATERIALIZED (
      SELECT other.customer_id AS id, max(greatest(mine.last_message_at, other.last_message_at)) AS at
      FROM customers sender
      JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = sender.id
      JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
        AND other.customer_id <> mine.customer_id
      WHERE sender.client_id = $1 AND sender.email = $4
        AND (mine.last_message_at IS NOT NULL OR other.last_message_at IS NOT NULL)
      GROUP BY other.customer_id
    )
    SELECT (SELECT count(*)::int FROM partners) AS "totalCount",
           ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
    FROM (VALUES (1)) AS one
    LEFT JOIN partners cursor ON cursor.id = $3
    LEFT JOIN LATERAL (
      SELECT customer.id, name, email, metadata, created_at AS "createdAt", partners.at AS "latestMessageAt"
      FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
      WHERE (partners.at, partners.id) < (
        coalesce(cursor.at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
      ORDER BY partners.at DESC, partners.id DESC LIMIT $2
    ) page ON true`,
};
