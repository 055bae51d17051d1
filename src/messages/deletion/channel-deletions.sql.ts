import { keyGate, membersGate } from '../../channels/channel-locks.js';
import { KEPT } from '../../channels/kept.js';
import { openness } from '../../channels/openness.js';
import { RAISED, raise } from '../../platform/outbox/raise.js';
import type { Statement } from '../../platform/database/statement.js';

/** Before channel `$2` is deleted: nobody joins it, nor deletes a message for all. No row: there is none. */
export const HOLD: Statement = {
  name: 'channel_deletions.hold',
  text: `SELECT id, ${membersGate('id')} FROM channels WHERE client_id = $1 AND id = $2`,
};

export const LOCK_MEMBERS: Statement = {
  name: 'channel_deletions.lock_members',
  text: `
    SELECT customer_id FROM channel_members WHERE client_id = $1 AND channel_id = $2
    ORDER BY customer_id FOR UPDATE`,
};

export const LOCK_CHANNEL: Statement = {
  name: 'channel_deletions.lock_channel',
  text: `SELECT id FROM channels WHERE client_id = $1 AND id = $2 FOR UPDATE`,
};

/** The key of channel `$2`, which is locked. */
export const HOLD_KEY: Statement = {
  name: 'channel_deletions.hold_key',
  text: `SELECT pg_advisory_xact_lock(${keyGate('reuse_key')}) FROM channels WHERE client_id = $1 AND id = $2`,
};

/** Without channel `$2`. Before the customers: who makes a channel and sends to it, in one transaction, has these first, too. */
export const COUNT: Statement = {
  name: 'channel_deletions.count',
  text: `
    WITH counted AS (
      UPDATE counters SET value = value - 1 WHERE client_id = $1 AND name = 'channels' RETURNING client_id
    )
    UPDATE counters SET value = value - 1
    FROM counted JOIN channels ON channels.client_id = $1 AND channels.id = $2 AND channels.is_open
    WHERE counters.client_id = $1 AND counters.name = 'open_channels'`,
};

/** All that left something in channel `$2` that an erasure takes with them: what they said or hid, or that they were there. */
export const LOCK_CUSTOMERS: Statement = {
  name: 'channel_deletions.lock_customers',
  text: `
    SELECT id FROM customers
    WHERE client_id = $1 AND id IN (
      SELECT message.sender_id FROM messages message WHERE message.client_id = $1 AND message.channel_id = $2
      UNION
      SELECT hidden.customer_id FROM hidden_messages hidden WHERE hidden.client_id = $1 AND hidden.channel_id = $2
      UNION
      SELECT former.customer_id FROM former_members former WHERE former.client_id = $1 AND former.channel_id = $2)
    ORDER BY id FOR NO KEY UPDATE`,
};

/** Channel `$2` with all that is in it. Everything that this changes is locked, so what it counts is how it is. */
export const DELETE: Statement = {
  name: 'channel_deletions.delete',
  text: `
    WITH said AS MATERIALIZED (
      SELECT sender_id, count(*)::int AS count FROM messages
      WHERE client_id = $1 AND channel_id = $2 AND deleted_at IS NULL
      GROUP BY sender_id
    ), members AS MATERIALIZED (
      SELECT coalesce(jsonb_agg(customer_id ORDER BY customer_id), '[]') AS ids FROM channel_members
      WHERE client_id = $1 AND channel_id = $2
    ), gone AS (
      DELETE FROM channels WHERE client_id = $1 AND id = $2 RETURNING id, is_open, address_id
    ), sender AS (
      UPDATE customers
      SET message_count = message_count - said.count, latest_message_at = (
            SELECT elsewhere.created_at FROM messages elsewhere
            WHERE elsewhere.client_id = $1 AND elsewhere.sender_id = said.sender_id AND elsewhere.channel_id <> $2
              AND elsewhere.deleted_at IS NULL
            ORDER BY elsewhere.created_at DESC LIMIT 1)
      FROM said
      WHERE client_id = $1 AND customers.id = said.sender_id
      RETURNING message_count
    ), silent AS (
      UPDATE counters SET value = value - (SELECT count(*) FROM sender WHERE message_count = 0)
      WHERE client_id = $1 AND name = 'active_customers' AND EXISTS (SELECT FROM sender WHERE message_count = 0)
      RETURNING value
    ), kept AS MATERIALIZED (
      SELECT keep_conversation($1, gone.id, gone.address_id, '{}') FROM gone
      WHERE gone.address_id IS NOT NULL AND (SELECT count(*) FROM silent) >= 0
    ), ${raise(`
      SELECT 'channel.deleted' AS type, gone.id AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', gone.id, 'customerIds', members.ids) || ${openness('gone')} AS data
      FROM gone, members`)}
    SELECT gone.id, ${KEPT}, ${RAISED} FROM gone`,
};

/**
 * All that was said in channel `$2` from customer `$3`, whose membership is locked: what is said meanwhile comes after it,
 * and stays.
 */
export const CLEAR: Statement = {
  name: 'channel_deletions.clear',
  text: `
    WITH present AS (
      SELECT member.read_position, channel.last_position
      FROM channel_members member
      JOIN channels channel ON channel.client_id = $1 AND channel.id = $2
      WHERE member.client_id = $1 AND member.channel_id = $2 AND member.customer_id = $3
        AND member.cleared_position IS DISTINCT FROM channel.last_position
    ), shown AS MATERIALIZED (
      SELECT message.position,
             message.sender_id IS DISTINCT FROM $3 AND message.position > present.read_position AS is_unread
      FROM present
      JOIN messages message ON message.client_id = $1 AND message.channel_id = $2 AND message.deleted_at IS NULL
      WHERE NOT EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = $1 AND hidden.customer_id = $3 AND hidden.channel_id = $2
          AND hidden.position = message.position)
    ), hidden AS (
      INSERT INTO hidden_messages (client_id, customer_id, channel_id, position)
      SELECT $1, $3, $2, position FROM shown
    ), counted AS (
      SELECT count(*)::int AS hidden, count(*) FILTER (WHERE is_unread)::int AS seen FROM shown
    ), cleared AS (
      UPDATE channel_members
      SET cleared_position = present.last_position, hidden_count = hidden_count + counted.hidden,
          seen_count = seen_count + counted.seen
      FROM present, counted
      WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3
      RETURNING cleared_position
    ), ${raise(`
      SELECT 'channel.cleared' AS type, $2::uuid AS channel_id, $3::uuid AS customer_id,
             jsonb_build_object('id', $2::uuid, 'customerId', $3::uuid, 'position', cleared_position) AS data
      FROM cleared`)}
    SELECT ${RAISED}`,
};
