import { RAISED, raise } from '../platform/outbox/raise.js';
import { afterCursor } from '../platform/database/newest-first.js';
import type { Statement } from '../platform/database/statement.js';

const COLUMNS = `id, name, email, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
           latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt"`;

/** How many rows the whole list has, from the counter its writers keep. */
const TOTAL = (name: string): string =>
  `(SELECT value FROM counters WHERE client_id = $1 AND name = '${name}') AS "totalCount"`;

/** What follows `changed`: who hears of it. Where the external id is another now, it says which it was. */
const UPDATED = raise(`
      SELECT 'customer.updated' AS type, NULL::uuid AS channel_id, id AS customer_id,
             jsonb_build_object('id', id) || CASE WHEN renamed THEN jsonb_build_object('formerExternalId', former)
               ELSE '{}' END AS data
      FROM changed`);

/** What follows `created`, new customers: the counter, and who hears of them. */
const COUNTED = `counted AS (
      UPDATE counters SET value = value + (SELECT count(*)::int FROM created)
      WHERE client_id = $1 AND name = 'customers' AND EXISTS (SELECT FROM created)
    ), ${raise(`
      SELECT 'customer.created' AS type, NULL::uuid AS channel_id, id AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM created`)}`;

/** No row: the e-mail or the external id is taken. The counter moves only with a new row. */
export const CREATE: Statement = {
  name: 'customers.create',
  text: `
    WITH created AS (
      INSERT INTO customers (client_id, id, name, email, external_id, metadata) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT DO NOTHING
      RETURNING ${COLUMNS}
    ), ${COUNTED}
    SELECT created.*, ${RAISED} FROM created`,
};

/**
 * Customers of ids `$2` who are known by external ids `$3` only, and by those are called; those that are free. In their
 * order, so that of two who make the same none waits for one that waits for it.
 */
export const CREATE_MANY: Statement = {
  name: 'customers.create_many',
  text: `
    WITH created AS (
      INSERT INTO customers (client_id, id, name, external_id)
      SELECT $1, one.id, one.external_id, one.external_id
      FROM unnest($2::uuid[], $3::text[]) AS one (id, external_id)
      ORDER BY one.external_id
      ON CONFLICT DO NOTHING
      RETURNING ${COLUMNS}
    ), ${COUNTED}
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

/** Those with an external id of `$2`, and those of `$3`. */
export const FIND_BY_EXTERNAL_IDS: Statement = {
  name: 'customers.find_by_external_ids',
  text: `
    SELECT ${COLUMNS} FROM customers
    WHERE client_id = $1 AND (external_id = ANY($2::text[]) OR id = ANY($3::uuid[]))`,
};

/** `$3` name, `$4` e-mail and `$5` external id where they are not null, `$7` metadata where `$6`. */
export const UPDATE: Statement = {
  name: 'customers.update',
  text: `
    WITH before AS MATERIALIZED (
      SELECT id, external_id AS former FROM customers WHERE client_id = $1 AND id = $2 FOR NO KEY UPDATE
    ), outcome AS MATERIALIZED (
      SELECT before.id, before.former, change_customer($1, $2, $3, $4, $5, $6, $7::jsonb) AS is FROM before
    ), changed AS (
      SELECT id, former, coalesce($5, former) IS DISTINCT FROM former AS renamed FROM outcome
      WHERE outcome.is = 'changed'
    ), ${UPDATED}
    SELECT EXISTS (SELECT FROM outcome WHERE outcome.is = 'taken') AS "isTaken", ${RAISED}`,
};

/** `$3` name and `$4` profile where they are not null. */
export const UPDATE_PROFILE: Statement = {
  name: 'customers.update_profile',
  text: `
    WITH changed AS (
      UPDATE customers SET name = coalesce($3, name), profile = coalesce($4::jsonb, profile)
      WHERE client_id = $1 AND id = $2 AND (name <> $3 OR profile IS DISTINCT FROM coalesce($4::jsonb, profile))
      RETURNING id, NULL::text AS former, false AS renamed
    ), ${UPDATED}
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
      WHERE client_id = $1 AND ${afterCursor('customers')}
      ORDER BY created_at DESC, id DESC LIMIT $2
    ) page ON true`,
};

/** The one with external id `$4`, or none: a list as the others are. */
export const LIST_BY_EXTERNAL_ID: Statement = {
  name: 'customers.list_by_external_id',
  text: `
    SELECT (SELECT count(*)::int FROM customers WHERE client_id = $1 AND external_id = $4) AS "totalCount",
           ($3::uuid IS NULL OR EXISTS (
             SELECT FROM customers WHERE client_id = $1 AND id = $3 AND external_id = $4)) AS "cursorFound", page.*
    FROM (VALUES (1)) AS one
    LEFT JOIN LATERAL (
      SELECT ${COLUMNS} FROM customers WHERE client_id = $1 AND external_id = $4 AND $3::uuid IS NULL LIMIT $2
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
      SELECT customer.id, name, email, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
             partners.at AS "latestMessageAt", last_seen_at AS "lastSeenAt"
      FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
      WHERE (partners.at, partners.id) < (
        coalesce(cursor.at, 'infinity'), coalesce(cursor.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
      ORDER BY partners.at DESC, partners.id DESC LIMIT $2
    ) page ON true`,
};
