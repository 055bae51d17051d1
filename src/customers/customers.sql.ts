import { RAISED, raise } from '../platform/outbox/raise.js';
import { few, listStatement } from '../platform/database/list.sql.js';
import type { Statement } from '../platform/database/statement.js';

const COLUMNS = `id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
           latest_message_at AS "latestMessageAt", last_seen_at AS "lastSeenAt"`;

/** How many rows the whole list has, from the counter its writers keep. */
const total = (name: string): string => `(SELECT value FROM counters WHERE client_id = $1 AND name = '${name}')`;

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

/** No row: the e-mail, the phone number or the external id is taken. The counter moves only with a new row. */
export const CREATE: Statement = {
  name: 'customers.create',
  text: `
    WITH created AS (
      INSERT INTO customers (client_id, id, name, email, external_id, metadata, phone, kind)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
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

/** Who has it, or had it before it was merged with another. */
const FIND_BY = (column: 'email' | 'phone', formerly: string): Statement => ({
  name: `customers.find_by_${column}`,
  text: `
    SELECT ${COLUMNS} FROM customers
    WHERE client_id = $1 AND id = coalesce(
      (SELECT present.id FROM customers present WHERE present.client_id = $1 AND present.${column} = $2),
      ${formerly})`,
});
export const FIND_BY_EMAIL = FIND_BY('email', 'contact_known_by($1, $2, NULL)');
export const FIND_BY_PHONE = FIND_BY('phone', 'contact_known_by($1, NULL, $2)');

/** Those with an external id of `$2`, and those of `$3`. */
export const FIND_BY_EXTERNAL_IDS: Statement = {
  name: 'customers.find_by_external_ids',
  text: `
    SELECT ${COLUMNS} FROM customers
    WHERE client_id = $1 AND (external_id = ANY($2::text[]) OR id = ANY($3::uuid[]))`,
};

/** `$3` name, `$4` e-mail, `$5` external id and `$8` phone number where they are not null, `$7` metadata where `$6`. */
export const UPDATE: Statement = {
  name: 'customers.update',
  text: `
    WITH before AS MATERIALIZED (
      SELECT id, external_id AS former FROM customers WHERE client_id = $1 AND id = $2 FOR NO KEY UPDATE
    ), outcome AS MATERIALIZED (
      SELECT before.id, before.former, change_customer($1, $2, $3, $4, $5, $6, $7::jsonb, $8) AS is FROM before
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

/** By when they were made. */
export const LIST = listStatement('customers.list', 'desc', {
  total: total('customers'),
  cursor: `customers cursor ON cursor.client_id = $1 AND cursor.id = $3`,
  page: ({ after, order }) =>
    few(`
      SELECT ${COLUMNS} FROM customers
      WHERE client_id = $1 AND ${after('customers')}
      ORDER BY ${order('customers')}`),
});

/** By when they last wrote. */
export const LIST_ACTIVE = listStatement('customers.list_active', 'desc', {
  total: total('active_customers'),
  key: { latest_message_at: 'timestamptz', id: 'uuid' },
  cursor: `customers cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.latest_message_at IS NOT NULL`,
  page: ({ after, order }) =>
    few(`
      SELECT ${COLUMNS} FROM customers
      WHERE client_id = $1 AND latest_message_at IS NOT NULL AND ${after('customers')}
      ORDER BY ${order('customers')}`),
});

/**
 * Whoever shares a channel with the sender in which one of the two has written; bounded by the sender's channels, however
 * many messages those hold. `$4` is the sender's e-mail; an unknown one yields an empty list.
 */
export const LIST_ACTIVE_FOR_SENDER = listStatement('customers.list_active_for_sender', 'desc', {
  with: `partners AS MATERIALIZED (
      SELECT other.customer_id AS id, max(greatest(mine.last_message_at, other.last_message_at)) AS at
      FROM customers sender
      JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = sender.id
      JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
        AND other.customer_id <> mine.customer_id
      WHERE sender.client_id = $1 AND sender.email = $4
        AND (mine.last_message_at IS NOT NULL OR other.last_message_at IS NOT NULL)
      GROUP BY other.customer_id
    )`,
  total: '(SELECT count(*)::int FROM partners)',
  key: { at: 'timestamptz', id: 'uuid' },
  cursor: 'partners cursor ON cursor.id = $3',
  page: ({ after, order }) => `
      SELECT customer.id, name, email, phone, kind, external_id AS "externalId", profile, metadata, created_at AS "createdAt",
             partners.at AS "latestMessageAt", last_seen_at AS "lastSeenAt"
      FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
      WHERE ${after('partners')}
      ORDER BY ${order('partners')} LIMIT $2`,
});
