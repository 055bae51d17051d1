import { RAISED, raise } from '../platform/outbox/raise.js';
import { purge } from '../platform/database/purge.js';
import type { Statement } from '../platform/database/statement.js';
import { ADDRESS, freeKey } from './channels.sql.js';
import { KEPT } from './kept.js';
import { membersGate } from './channel-locks.js';
import { openness } from './openness.js';

/** Before members are added to channel `$2`. */
export const HOLD: Statement = {
  name: 'members.hold',
  text: `SELECT ${membersGate('id')} FROM channels WHERE client_id = $1 AND id = $2`,
};

/** Those of customers `$2` that are in channel `$3`. */
export const LOCK: Statement = {
  name: 'members.lock',
  text: `
    SELECT customer_id AS "customerId" FROM channel_members
    WHERE client_id = $1 AND customer_id = ANY($2::uuid[]) AND channel_id = $3 ORDER BY customer_id FOR UPDATE`,
};

/** Customer `$2` in up to `$3` of its channels. */
export const LOCK_SOME: Statement = {
  name: 'members.lock_some',
  text: `
    SELECT channel_id AS "channelId" FROM channel_members
    WHERE client_id = $1 AND customer_id = $2 ORDER BY channel_id LIMIT $3 FOR UPDATE`,
};

/**
 * Customers `$3`, none of them in channel `$2` yet, whose key is to be `$4`. They begin with nothing unread; what they said
 * and hid when they were here before counts again.
 */
export const JOIN: Statement = {
  name: 'members.join',
  text: `
    WITH known AS MATERIALIZED (
      SELECT id, kind FROM customers WHERE client_id = $1 AND id = ANY($3::uuid[]) ORDER BY id FOR KEY SHARE
    ), joined AS (
      INSERT INTO channel_members (client_id, channel_id, customer_id, message_count, last_message_at, seen_count,
                                   hidden_count, read_position, delivered_position, joined_position)
      SELECT $1, channel.id, known.id, said.count, said.at, channel.message_count - said.count,
             hid.count, channel.last_position, channel.last_position, channel.last_position
      FROM known
      JOIN channels channel ON channel.client_id = $1 AND channel.id = $2
      CROSS JOIN LATERAL (
        SELECT count(*)::int, max(message.created_at) AS at FROM messages message
        WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.sender_id = known.id
          AND message.deleted_at IS NULL
      ) said
      CROSS JOIN LATERAL (
        SELECT count(*)::int FROM hidden_messages hidden
        JOIN messages message ON message.client_id = $1 AND message.channel_id = hidden.channel_id
          AND message.position = hidden.position AND message.deleted_at IS NULL
        WHERE hidden.client_id = $1 AND hidden.customer_id = known.id AND hidden.channel_id = channel.id
      ) hid
      RETURNING channel_id, customer_id
    ), returned AS (
      DELETE FROM former_members
      WHERE client_id = $1 AND channel_id = $2 AND customer_id IN (SELECT customer_id FROM joined)
    ), keyed AS (
      UPDATE channels SET reuse_key = ${freeKey('$4')}, address_id = coalesce(address_id, ${ADDRESS})
      WHERE client_id = $1 AND id = $2
      RETURNING id, address_id
    ), kept AS MATERIALIZED (
      SELECT keep_conversation($1, keyed.id, keyed.address_id, ARRAY(
               SELECT member.customer_id FROM channel_members member
               WHERE member.client_id = $1 AND member.channel_id = keyed.id AND member.customer_id <> keyed.address_id
               UNION
               SELECT known.id FROM known WHERE known.id <> keyed.address_id))
      FROM keyed
      WHERE keyed.address_id IS NOT NULL
    ), ${raise(`
      SELECT 'member.joined' AS type, channel_id, customer_id,
             jsonb_build_object('channelId', channel_id, 'customerId', customer_id) AS data
      FROM joined ORDER BY customer_id`)}
    SELECT (SELECT count(*)::int FROM joined) AS joined, ${KEPT}, ${RAISED}`,
};

/** Customers `$2` leave channels `$3`, whose keys are to be `$4`. */
export const LEAVE: Statement = {
  name: 'members.leave',
  text: `
    WITH next AS (
      SELECT id, reuse_key FROM unnest($3::uuid[], $4::bytea[]) AS next (id, reuse_key)
    ), gone AS (
      DELETE FROM channel_members USING next
      WHERE client_id = $1 AND channel_id = next.id AND customer_id = ANY($2::uuid[])
      RETURNING channel_id, customer_id
    ), remembered AS (
      INSERT INTO former_members (client_id, channel_id, customer_id)
      SELECT $1, channel_id, customer_id FROM gone
      ON CONFLICT DO NOTHING
    ), keyed AS (
      UPDATE channels SET reuse_key = ${freeKey('next.reuse_key')} FROM next
      WHERE client_id = $1 AND channels.id = next.id
      RETURNING channels.id, address_id
    ), kept AS MATERIALIZED (
      SELECT keep_conversation($1, keyed.id, keyed.address_id, ARRAY(
               SELECT member.customer_id FROM channel_members member
               WHERE member.client_id = $1 AND member.channel_id = keyed.id AND member.customer_id <> keyed.address_id
                 AND member.customer_id <> ALL ($2::uuid[])))
      FROM keyed
      WHERE keyed.address_id IS NOT NULL
    ), ${raise(`
      SELECT 'member.left' AS type, channel_id, customer_id,
             jsonb_build_object('channelId', channel_id, 'customerId', customer_id) || ${openness('channel')} AS data
      FROM gone JOIN channels channel ON channel.client_id = $1 AND channel.id = gone.channel_id
      ORDER BY channel_id, customer_id`)}
    SELECT ${KEPT}, ${RAISED}`,
};

/** Customer `$3`, which was in channel `$2` and is not any more. */
export const FIND_FORMER: Statement = {
  name: 'members.find_former',
  text: `SELECT customer_id FROM former_members WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3`,
};

export const PURGE_FORMER_MEMBERS = purge(
  'former_members',
  `SELECT ctid FROM former_members WHERE left_at < now() - interval '90 days' LIMIT $1`,
);
