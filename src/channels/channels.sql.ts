import { RAISED, raise } from '../jobs/raise.js';
import type { Statement } from '../database/statement.js';

const LAST_UUID = `'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid`;

/** The members of a channel, oldest customer first; never null. */
const CUSTOMERS = `
  (SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email)
                            ORDER BY customer.id), '[]')
   FROM channel_members member
   JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
   WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers`;
const COLUMNS = `channel.id, channel.type, channel.name, channel.created_at AS "createdAt", ${CUSTOMERS}`;

/**
 * Makes the channel, unless one with its reuse key is there or one of its customers (`$6`) is not this client's; `known`
 * says how many are. The counter moves only with a new channel.
 */
export const CREATE: Statement = {
  name: 'channels.create',
  text: `
    WITH known AS (
      SELECT id FROM customers WHERE client_id = $1 AND id = ANY($6::uuid[])
    ), created AS (
      INSERT INTO channels (client_id, id, type, name, reuse_key)
      SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM known) = cardinality($6::uuid[])
      ON CONFLICT (client_id, reuse_key) DO NOTHING
      RETURNING id
    ), joined AS (
      INSERT INTO channel_members (client_id, channel_id, customer_id)
      SELECT $1, created.id, known.id FROM created, known
    ), counted AS (
      UPDATE counters SET value = value + 1
      WHERE client_id = $1 AND name = 'channels' AND EXISTS (SELECT FROM created)
    ), ${raise(`
      SELECT 'channel.created' AS type, id AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM created`)}
    SELECT (SELECT count(*)::int FROM known) AS known, (SELECT id FROM created) AS id, ${RAISED}`,
};

export const FIND: Statement = {
  name: 'channels.find',
  text: `SELECT ${COLUMNS} FROM channels channel WHERE channel.client_id = $1 AND channel.id = $2`,
};

/** Those of `$2` that are there. */
export const FIND_MANY: Statement = {
  name: 'channels.find_many',
  text: `SELECT ${COLUMNS} FROM channels channel WHERE channel.client_id = $1 AND channel.id = ANY($2::uuid[])`,
};

export const FIND_BY_REUSE_KEY: Statement = {
  name: 'channels.find_by_reuse_key',
  text: `SELECT ${COLUMNS} FROM channels channel WHERE channel.client_id = $1 AND channel.reuse_key = $2`,
};

/** Newest first. `$2` how many, `$3` the id to start after or null. */
export const LIST: Statement = {
  name: 'channels.list',
  text: `
    SELECT (SELECT value FROM counters WHERE client_id = $1 AND name = 'channels') AS "totalCount",
           ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
    FROM (VALUES (1)) AS one
    LEFT JOIN channels cursor ON cursor.client_id = $1 AND cursor.id = $3
    LEFT JOIN LATERAL (
      SELECT ${COLUMNS} FROM channels channel
      WHERE channel.client_id = $1 AND channel.id < coalesce($3, ${LAST_UUID})
      ORDER BY channel.id DESC LIMIT $2
    ) page ON true`,
};

/** The channels of one customer (`$4`), newest first. No row: there is no such customer. */
export const LIST_FOR_CUSTOMER: Statement = {
  name: 'channels.list_for_customer',
  text: `
    SELECT (SELECT count(*)::int FROM channel_members WHERE client_id = $1 AND customer_id = $4) AS "totalCount",
           ($3::uuid IS NULL OR cursor.channel_id IS NOT NULL) AS "cursorFound", page.*
    FROM customers owner
    LEFT JOIN channel_members cursor
      ON cursor.client_id = $1 AND cursor.channel_id = $3 AND cursor.customer_id = owner.id
    LEFT JOIN LATERAL (
      SELECT ${COLUMNS}
      FROM channel_members mine
      JOIN channels channel ON channel.client_id = $1 AND channel.id = mine.channel_id
      WHERE mine.client_id = $1 AND mine.customer_id = owner.id AND mine.channel_id < coalesce($3, ${LAST_UUID})
      ORDER BY mine.channel_id DESC LIMIT $2
    ) page ON true
    WHERE owner.client_id = $1 AND owner.id = $4`,
};

/**
 * One row per person the customer (`$4`, an e-mail) shares channels with; the newest activity first, in the rows and in
 * the channels of each. No row: there is no such customer.
 */
export const LIST_CONVERSATIONS: Statement = {
  name: 'channels.list_conversations',
  text: `
    WITH owner AS (
      SELECT id FROM customers WHERE client_id = $1 AND email = $4
    ), partners AS MATERIALIZED (
      SELECT other.customer_id AS id, max(coalesce(channel.last_message_at, channel.created_at)) AS at,
             json_agg(json_build_object('id', channel.id, 'type', channel.type, 'name', channel.name,
                        'updatedAt', floor(extract(epoch FROM coalesce(channel.last_message_at, channel.created_at))))
                      ORDER BY coalesce(channel.last_message_at, channel.created_at) DESC, channel.id DESC) AS channels
      FROM owner
      JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = owner.id
      JOIN channels channel ON channel.client_id = $1 AND channel.id = mine.channel_id
      JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
        AND other.customer_id <> mine.customer_id
      GROUP BY other.customer_id
    )
    SELECT (SELECT count(*)::int FROM partners) AS "totalCount",
           ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
    FROM owner
    LEFT JOIN partners cursor ON cursor.id = $3
    LEFT JOIN LATERAL (
      SELECT customer.id, customer.name, customer.email, partners.at AS "latestMessageAt", partners.channels
      FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
      WHERE (partners.at, partners.id) < (coalesce(cursor.at, 'infinity'), coalesce(cursor.id, ${LAST_UUID}))
      ORDER BY partners.at DESC, partners.id DESC LIMIT $2
    ) page ON true`,
};
