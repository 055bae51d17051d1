import { RAISED, raise } from '../platform/outbox/raise.js';
import { few, listStatement } from '../platform/database/list.sql.js';
import type { Statement } from '../platform/database/statement.js';
import { CHANNEL_COLUMNS } from './channel-row.js';
import { keyGate } from './channel-locks.js';
import { KEPT } from './kept.js';

/** The key for a channel that is to have `key`: that one, or one that nobody can ask for where another channel has it. */
export const freeKey = (key: string): string => `
  CASE WHEN EXISTS (
    SELECT FROM channels other
    WHERE other.client_id = $1 AND other.reuse_key = ${key} AND other.id <> channels.id
  ) THEN sha256(convert_to('channel:' || channels.id, 'UTF8')) ELSE ${key} END`;

/** Of a table `known` of customers: the one that is an address, the oldest of several. */
export const ADDRESS = `(SELECT known.id FROM known WHERE known.kind = 'address' ORDER BY known.id LIMIT 1)`;

/**
 * Makes the channel, unless one with its reuse key or id is there or one of its customers (`$6`) is not this client's;
 * `known` says how many are. They are held, so that none is erased meanwhile. The counters move only with a new channel, always
 * in the same order. `$8` owns it, if it is an open one.
 */
export const CREATE: Statement = {
  name: 'channels.create',
  text: `
    WITH gate AS MATERIALIZED (
      SELECT pg_advisory_xact_lock_shared(${keyGate('$5::bytea')})
    ), known AS MATERIALIZED (
      SELECT customers.id, customers.kind FROM gate, customers
      WHERE customers.client_id = $1 AND customers.id = ANY($6::uuid[])
      ORDER BY customers.id FOR KEY SHARE OF customers
    ), created AS (
      INSERT INTO channels (client_id, id, type, name, reuse_key, metadata, is_open, address_id)
      SELECT $1, $2, $3, $4, $5, $7::jsonb, $8::uuid IS NOT NULL, ${ADDRESS} WHERE (SELECT count(*) FROM known) = cardinality($6::uuid[])
      ON CONFLICT DO NOTHING
      RETURNING id, address_id
    ), joined AS (
      INSERT INTO channel_members (client_id, channel_id, customer_id, is_owner)
      SELECT $1, created.id, known.id, known.id IS NOT DISTINCT FROM $8::uuid FROM created, known
    ), counted AS (
      UPDATE counters SET value = value + 1
      WHERE client_id = $1 AND name = 'channels' AND EXISTS (SELECT FROM created)
      RETURNING client_id
    ), counted_open AS (
      INSERT INTO counters (client_id, name, value)
      SELECT $1, 'open_channels', 1 FROM counted WHERE $8::uuid IS NOT NULL
      ON CONFLICT (client_id, name) DO UPDATE SET value = counters.value + 1
    ), kept AS MATERIALIZED (
      SELECT keep_conversation($1, created.id, created.address_id,
               ARRAY(SELECT known.id FROM known WHERE known.id <> created.address_id))
      FROM created
      WHERE created.address_id IS NOT NULL AND (SELECT count(*) FROM counted) = 1
    ), ${raise(`
      SELECT 'channel.created' AS type, id AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM created`)}
    SELECT (SELECT count(*)::int FROM known) AS known, (SELECT id FROM created) AS id, ${KEPT}, ${RAISED}`,
};

/** `$3` who asks, where it is a customer, which sees the channels it is in; or null. */
export const FIND: Statement = {
  name: 'channels.find',
  text: `
    SELECT ${CHANNEL_COLUMNS} FROM channels channel
    WHERE channel.client_id = $1 AND channel.id = $2 AND ($3::uuid IS NULL OR EXISTS (
      SELECT FROM channel_members viewer
      WHERE viewer.client_id = $1 AND viewer.channel_id = channel.id AND viewer.customer_id = $3))`,
};

/** Those of `$2` that are there. */
export const FIND_MANY: Statement = {
  name: 'channels.find_many',
  text: `SELECT ${CHANNEL_COLUMNS} FROM channels channel WHERE channel.client_id = $1 AND channel.id = ANY($2::uuid[])`,
};

export const FIND_BY_REUSE_KEY: Statement = {
  name: 'channels.find_by_reuse_key',
  text: `SELECT ${CHANNEL_COLUMNS} FROM channels channel WHERE channel.client_id = $1 AND channel.reuse_key = $2`,
};

/** By when they were made. */
export const LIST = listStatement('channels.list', 'desc', {
  total: `(SELECT value FROM counters WHERE client_id = $1 AND name = 'channels')`,
  cursor: 'channels cursor ON cursor.client_id = $1 AND cursor.id = $3',
  page: ({ after, order }) =>
    few(`
      SELECT ${CHANNEL_COLUMNS} FROM channels channel
      WHERE channel.client_id = $1 AND ${after('channel')}
      ORDER BY ${order('channel')}`),
});

/** Holds channels until the commit: what is read of them next stays true. */
export const LOCK: Statement = {
  name: 'channels.lock',
  text: `SELECT id FROM channels WHERE client_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE`,
};

export const FIND_LOCKED: Statement = {
  name: 'channels.find_locked',
  text: `
    SELECT channel.id, channel.type, channel.name, channel.metadata, channel.is_open AS "isOpen",
           channel.reuse_key AS "reuseKey", ARRAY(
             SELECT member.customer_id FROM channel_members member
             WHERE member.client_id = $1 AND member.channel_id = channel.id
           ) AS "customerIds"
    FROM channels channel
    WHERE channel.client_id = $1 AND channel.id = ANY($2::uuid[])
    ORDER BY channel.id`,
};

/** Of channels `$2`, whose keys are to be `$3`: the keys they have and shall have. */
export const HOLD_KEYS: Statement = {
  name: 'channels.hold_keys',
  text: `
    SELECT pg_advisory_xact_lock(gate)
    FROM (
      SELECT DISTINCT ${keyGate('either.key')} AS gate
      FROM channels
      JOIN unnest($2::uuid[], $3::bytea[]) AS next (id, reuse_key) ON next.id = channels.id
      CROSS JOIN LATERAL (VALUES (channels.reuse_key), (next.reuse_key)) AS either (key)
      WHERE channels.client_id = $1
      ORDER BY gate
    ) AS gates`,
};

/** To name `$3`, metadata `$4`, key `$5` and type `$6`. */
export const UPDATE: Statement = {
  name: 'channels.update',
  text: `
    WITH changed AS (
      UPDATE channels SET name = $3, metadata = $4, reuse_key = ${freeKey('$5')}, type = $6
      WHERE client_id = $1 AND id = $2 AND (name <> $3 OR metadata IS DISTINCT FROM $4::jsonb OR type <> $6)
      RETURNING id
    ), ${raise(`
      SELECT 'channel.updated' AS type, id AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM changed`)}
    SELECT ${RAISED}`,
};
