import { RAISED, raise } from '../../platform/outbox/raise.js';
import type { Statement } from '../../platform/database/statement.js';
import { TEXT_COLUMNS } from '../texts/texts.sql.js';

/** Of conversation `thread`: who talks, how much there is, and its last message in the columns of a text. */
const COLUMNS = `thread.channel_id AS "threadId", thread.archived, thread.last_message_at AS "lastActivityAt",
      thread.address_id AS "addressId", address.address AS number, thread.person_id AS "personId", person.name AS "personName",
      person.phone, channel.message_count AS "messageCount", channel.last_position AS "lastPosition",
      coalesce(channel.message_count - speaker.message_count - speaker.seen_count, 0) AS "unreadCount",
      EXISTS (
        SELECT FROM opt_outs
        WHERE opt_outs.client_id = $1 AND opt_outs.scope_id = ANY(opt_out_scopes($1, thread.address_id))
          AND opt_outs.number_sha256 = opt_out_hash($1, person.phone) AND opt_outs.ended_at IS NULL
      ) AS "isOptedOut"`;
/** Of message `message` of a conversation: what is said of it where it has no delivery. */
const SAID = `message.id AS "messageId", message.created_at AS "saidAt", message.sender_id = thread.address_id AS "isOurs"`;
const JOINS = `
      JOIN addresses address ON address.client_id = $1 AND address.customer_id = thread.address_id
      JOIN channels channel ON channel.client_id = $1 AND channel.id = thread.channel_id
      LEFT JOIN channel_members speaker ON speaker.client_id = $1 AND speaker.channel_id = thread.channel_id
        AND speaker.customer_id = thread.address_id
      LEFT JOIN customers person ON person.client_id = $1 AND person.id = thread.person_id
      LEFT JOIN messages message ON message.client_id = $1 AND message.channel_id = thread.channel_id
        AND message.position = channel.last_position`;
const TEXT_JOINS = `
      LEFT JOIN deliveries one ON one.client_id = $1 AND one.id = message.id
      LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id`;

/** No row: channel `$2` is no conversation. */
export const FIND: Statement = {
  name: 'text_conversations.find',
  text: `
    SELECT ${COLUMNS}, ${SAID}, ${TEXT_COLUMNS}
    FROM conversations thread ${JOINS} ${TEXT_JOINS}
    WHERE thread.client_id = $1 AND thread.channel_id = $2 AND thread.medium = 'sms' AND NOT thread.is_abandoned`,
};

/** Those of the channels `$2` that are conversations. */
export const FIND_MANY: Statement = {
  name: 'text_conversations.find_many',
  text: `
    SELECT ${COLUMNS}, ${SAID}, ${TEXT_COLUMNS}
    FROM conversations thread ${JOINS} ${TEXT_JOINS}
    WHERE thread.client_id = $1 AND thread.channel_id = ANY($2::uuid[]) AND thread.medium = 'sms' AND NOT thread.is_abandoned`,
};

/** Those of the messages `$2` that are said in conversations. */
export const FIND_SAID: Statement = {
  name: 'text_conversations.find_said',
  text: `
    SELECT thread.channel_id AS "threadId", ${SAID}, ${TEXT_COLUMNS}
    FROM messages message
    JOIN conversations thread ON thread.client_id = $1 AND thread.channel_id = message.channel_id
      AND thread.medium = 'sms' AND NOT thread.is_abandoned ${TEXT_JOINS}
    WHERE message.client_id = $1 AND message.id = ANY($2::uuid[])`,
};

/**
 * Those of last activity first: `$2` of them, and one more that says there are others, after the first `$3`; archived or not
 * (`$4`; null: both); after conversation `$5` where it is given. Every row says how many there are in all, and whether `$5` is
 * one of them; a page without rows is one row without an id.
 */
function listOf(name: string, total: string, from: (bound: string) => string): Statement {
  return {
    name: `text_conversations.list${name}`,
    text: `
    WITH cursor AS MATERIALIZED (
      SELECT last_message_at AS at, channel_id AS id FROM conversations WHERE client_id = $1 AND channel_id = $5::uuid
      UNION ALL
      SELECT 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff' WHERE $5::uuid IS NULL
    )
    SELECT ${total} AS total, EXISTS (SELECT FROM cursor) AS found, page.*
    FROM (VALUES (1)) AS list
    LEFT JOIN LATERAL (
      SELECT ${COLUMNS}, ${SAID}, ${TEXT_COLUMNS}
      FROM (
        SELECT listed.* FROM cursor CROSS JOIN LATERAL (${from('(cursor.at, cursor.id)')}) listed
        ORDER BY listed.last_message_at DESC, listed.channel_id DESC LIMIT $2::int + 1 OFFSET $3
      ) thread ${JOINS} ${TEXT_JOINS}
      ORDER BY thread.last_message_at DESC, thread.channel_id DESC
    ) page ON true`,
  };
}

/** As addresses count them: each says how many conversations it has, and how many are archived. */
const counted = (narrowed: string): string => `(
      SELECT coalesce(sum(CASE WHEN $4::boolean IS NULL THEN thread_count WHEN $4 THEN archived_count
                               ELSE thread_count - archived_count END), 0)::int
      FROM addresses WHERE client_id = $1 AND medium = 'sms'${narrowed}
    )`;
/** Each half is read in the order of its index, no further than the page. */
const halves =
  (narrowed: string) =>
  (bound: string): string => `
          SELECT half.* FROM (VALUES (false), (true)) AS side (archived) CROSS JOIN LATERAL (
            SELECT * FROM conversations
            WHERE client_id = $1${narrowed} AND conversations.archived = side.archived
              AND conversations.medium = 'sms' AND NOT is_abandoned
              AND (last_message_at, channel_id) < ${bound}
            ORDER BY last_message_at DESC, channel_id DESC LIMIT $2::int + 1 + $3
          ) half
          WHERE $4::boolean IS NULL OR side.archived = $4`;

export const LIST = listOf('', counted(''), halves(''));
/** Of address `$6`. */
export const LIST_OF_ADDRESS = listOf('_of_address', counted(' AND customer_id = $6'), halves(' AND address_id = $6'));

const WITH_CONTACT = `
          FROM conversations JOIN customers ON customers.client_id = $1 AND customers.id = conversations.person_id
          WHERE conversations.client_id = $1 AND conversations.medium = 'sms' AND customers.phone = $6
            AND ($7::uuid IS NULL OR conversations.address_id = $7)
            AND ($4::boolean IS NULL OR conversations.archived = $4)`;
/** With whom phone number `$6` belongs to, of address `$7` where it is given. They are few, so they are counted. */
export const LIST_OF_CONTACT = listOf(
  '_of_contact',
  `(SELECT count(*)::int ${WITH_CONTACT})`,
  (bound) => `
          SELECT conversations.* ${WITH_CONTACT} AND (last_message_at, channel_id) < ${bound}`,
);

/**
 * A page of the messages of conversation `$2`, newest first: the `$3` positions below the first `$4`. Every row says the last
 * position, which is how many there are; no row: there is no such conversation.
 */
export const LIST_MESSAGES: Statement = {
  name: 'text_conversations.list_messages',
  text: `
    SELECT channel.last_position AS total, page.*
    FROM conversations thread
    JOIN channels channel ON channel.client_id = $1 AND channel.id = thread.channel_id
    LEFT JOIN LATERAL (
      SELECT ${SAID}, ${TEXT_COLUMNS}
      FROM messages message ${TEXT_JOINS}
      WHERE message.client_id = $1 AND message.channel_id = thread.channel_id
        AND message.position > channel.last_position - $4::bigint - $3::int AND message.position <= channel.last_position - $4::bigint
      ORDER BY message.position DESC
    ) page ON true
    WHERE thread.client_id = $1 AND thread.channel_id = $2 AND thread.medium = 'sms' AND NOT thread.is_abandoned`,
};

/** The team has read conversation `$2`. */
export const READ: Statement = {
  name: 'text_conversations.read',
  text: `UPDATE conversations SET is_read = true WHERE client_id = $1 AND channel_id = $2 AND NOT is_read`,
};

/** Makes conversation `$2` archived or not, `$3`, and its address counts it. */
export const ARCHIVE: Statement = {
  name: 'text_conversations.archive',
  text: `
    WITH moved AS (
      UPDATE conversations SET archived = $3 WHERE client_id = $1 AND channel_id = $2 AND archived <> $3 AND NOT is_abandoned RETURNING address_id
    ), counted AS (
      UPDATE addresses SET archived_count = archived_count + CASE WHEN $3 THEN 1 ELSE -1 END
      FROM moved
      WHERE addresses.client_id = $1 AND addresses.customer_id = moved.address_id
    ), ${raise(`
      SELECT 'conversation.updated' AS type, $2::uuid AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', $2::uuid) AS data
      FROM moved`)}
    SELECT ${RAISED} FROM moved`,
};
