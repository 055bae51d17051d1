import { RAISED, raise } from '../../platform/outbox/raise.js';
import { listStatement } from '../../platform/database/list.sql.js';
import type { Statement } from '../../platform/database/statement.js';

/** Customer `$3` in channel `$2`. */
export const LOCK_MEMBER: Statement = {
  name: 'receipts.lock_member',
  text: `
    SELECT customer_id FROM channel_members
    WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 FOR NO KEY UPDATE`,
};

/** How many messages between two positions count for `$3` as unread until it has read that far. */
const unseen = (after: string, upTo: string): string => `(
          SELECT count(*)::int FROM messages message
          WHERE message.client_id = $1 AND message.channel_id = $2
            AND message.position > ${after} AND message.position <= ${upTo}
            AND message.deleted_at IS NULL AND message.sender_id IS DISTINCT FROM $3 AND NOT EXISTS (
              SELECT FROM hidden_messages hidden
              WHERE hidden.client_id = $1 AND hidden.customer_id = $3 AND hidden.channel_id = $2
                AND hidden.position = message.position))`;

/** A part of a WITH that deletes those receipts of `moved`'s customer that `which` finds. */
const forgetting = (name: string, kind: 'read' | 'delivered', which: string): string => `${name} AS (
      DELETE FROM receipts USING moved
      WHERE receipts.client_id = $1 AND receipts.channel_id = $2 AND receipts.customer_id = $3
        AND receipts.kind = '${kind}' AND ${which}
    )`;

/**
 * What a new mark makes needless: the one before it in the same second, for receipts are told in seconds; and, of the
 * oldest three, those before one that is 90 days old. So a customer has as many as it made in 90 days, and one to tell of
 * what was before.
 */
const forgetOld = (kind: 'read' | 'delivered'): string =>
  [
    forgetting(
      'same_second',
      kind,
      `receipts.position = moved.marked AND date_trunc('second', receipts.at) = date_trunc('second', moved.at)`,
    ),
    forgetting(
      'old',
      kind,
      `receipts.position < (
          SELECT max(oldest.position) FROM (
            SELECT first.position, first.at FROM receipts first
            WHERE first.client_id = $1 AND first.channel_id = $2 AND first.customer_id = $3 AND first.kind = '${kind}'
            ORDER BY first.position LIMIT 3
          ) oldest
          WHERE oldest.at < now() - interval '90 days')`,
    ),
  ].join(', ');

/**
 * Moves the mark of customer `$3`, whose membership is locked, in channel `$2`: to message `$4`, or to the last where that
 * is null; never back. `found`: whether the message is one of the channel, deleted or not. `follow`: a column that tells others.
 */
const move = (kind: 'read' | 'delivered', name: string, set: string, forget: string, follow = ''): Statement => ({
  name,
  text: `
    WITH present AS (
      SELECT member.${kind}_position AS marked, member.read_position, member.message_count AS sent, member.seen_count,
             channel.last_position, channel.message_count AS said, channel.address_id, target.id AS message_id, target.position
      FROM channel_members member
      JOIN channels channel ON channel.client_id = $1 AND channel.id = $2
      LEFT JOIN LATERAL (
        SELECT last.id, last.position FROM messages last
        WHERE last.client_id = $1 AND last.channel_id = $2 AND last.position = channel.last_position
          AND $4::uuid IS NULL
        UNION ALL
        SELECT named.id, named.position FROM messages named
        WHERE named.client_id = $1 AND named.id = $4 AND named.channel_id = $2
      ) target ON true
      WHERE member.client_id = $1 AND member.channel_id = $2 AND member.customer_id = $3
    ), moved AS (
      UPDATE channel_members SET ${set}
      FROM present
      WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 AND present.position > present.marked
      RETURNING present.position, present.marked, present.message_id, channel_members.seen_count, clock_timestamp() AS at
    ), receipt AS (
      INSERT INTO receipts (client_id, channel_id, customer_id, kind, position, at)
      SELECT $1, $2, $3, '${kind}', position, at FROM moved
    ), ${forget}, ${raise(`
      SELECT 'message.${kind}' AS type, $2::uuid AS channel_id, $3::uuid AS customer_id,
             jsonb_build_object('customerId', $3::uuid, 'channelId', $2::uuid, 'position', position,
               'messageId', message_id) AS data
      FROM moved`)}
    SELECT $4::uuid IS NULL OR present.message_id IS NOT NULL AS found,
           coalesce(moved.position, present.marked) AS position,
           present.said - present.sent - coalesce(moved.seen_count, present.seen_count) AS "unreadCount", ${RAISED}${follow}
    FROM present LEFT JOIN moved ON true`,
});

/** Counts on whichever side of the new mark there is less to count: none for who reads all there is. */
export const READ = move(
  'read',
  'receipts.read',
  `
        read_position = present.position,
        delivered_position = greatest(delivered_position, present.position),
        seen_count = CASE
          WHEN present.position - present.read_position <= present.last_position - present.position
          THEN present.seen_count + ${unseen('present.read_position', 'present.position')}
          ELSE present.said - present.sent - ${unseen('present.position', 'present.last_position')}
        END`,
  // Of what is read nobody asks when it was delivered.
  `${forgetOld('read')}, ${forgetting('overtaken', 'delivered', 'receipts.position <= moved.position')}`,
  // An address reads for the whole team; what its inbox says of that is not for this module to know.
  `,
           CASE WHEN moved.position IS NOT NULL AND present.address_id = $3 THEN read_conversation($1, $2) END AS "isTold"`,
);

export const DELIVER = move(
  'delivered',
  'receipts.deliver',
  'delivered_position = present.position',
  forgetOld('delivered'),
);

/**
 * Whom message `$4` was said to, and how far it has come; by customer. When a status was first reached is told by the first
 * mark at or behind the message. No row: there is no such message.
 */
export const LIST = listStatement('receipts.list', 'asc', {
  with: `heard AS MATERIALIZED (
      SELECT member.customer_id AS id, message.channel_id, message.position, message.created_at,
             CASE WHEN member.read_position >= message.position THEN 'read'
                  WHEN member.delivered_position >= message.position THEN 'delivered'
                  ELSE 'sent' END AS status
      FROM messages message
      JOIN channel_members member ON member.client_id = $1 AND member.channel_id = message.channel_id
        AND member.customer_id IS DISTINCT FROM message.sender_id AND member.joined_position < message.position
      WHERE message.client_id = $1 AND message.id = $4
    )`,
  total: '(SELECT count(*)::int FROM heard)',
  of: 'messages message',
  where: 'message.client_id = $1 AND message.id = $4 AND message.deleted_at IS NULL',
  key: { id: 'uuid' },
  cursor: 'heard cursor ON cursor.id = $3',
  page: ({ after, order }) => `
      SELECT heard.id, heard.status, coalesce((
               SELECT receipt.at FROM receipts receipt
               WHERE receipt.client_id = $1 AND receipt.channel_id = heard.channel_id
                 AND receipt.customer_id = heard.id AND receipt.kind = heard.status
                 AND receipt.position >= heard.position
               ORDER BY receipt.position LIMIT 1
             ), heard.created_at) AS at
      FROM heard
      WHERE ${after('heard')}
      ORDER BY ${order('heard')} LIMIT $2`,
});
