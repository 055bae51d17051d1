import { filesIn, wordsIn } from '../../delivery/media/media.sql.js';
import type { Statement } from '../../platform/database/statement.js';
import { LISTENED } from '../../platform/outbox/raise.js';

/** Ids of notes and activities begin here, so that no two items of a timeline share one. */
export const FIRST_ENTRY = 2 ** 32;

/** Bytes of the mails of one answer: beyond it, as their messages say them. Asked for fewer at once, they are whole. */
const MAX_MAIL_BYTES = 8 * 1024 * 1024;
const mailed = (column: string): string =>
  `CASE WHEN sum(octet_length(mail.text) + coalesce(octet_length(mail.html), 0)) OVER (ORDER BY message.position DESC)
    <= ${MAX_MAIL_BYTES} THEN mail.${column} END`;

/** Of `item`, whose message or entry is beside it: the columns of a TimelineRow. */
const COLUMNS = `
  CASE WHEN entry.number IS NULL THEN message.position ELSE entry.number + ${FIRST_ENTRY} END::float8 AS number,
  coalesce(entry.id, message.id) AS id,
  CASE WHEN entry.kind IS NOT NULL THEN entry.kind WHEN message.sender_id = thread.address_id THEN 'reply' ELSE 'message' END AS kind,
  CASE WHEN entry.number IS NULL THEN ${wordsIn('message')} ELSE entry.body END AS body, entry.data,
  ${filesIn('message')} AS files, coalesce(entry.created_at, message.created_at) AS "createdAt",
  coalesce(entry.author_id, author.user_id) AS "userId", account.number::float8 AS "userNumber", account.name AS "userName",
  contact.number::float8 AS "contactNumber", person.name AS "contactName",
  coalesce(delivery.status, mailed.status) AS "deliveryStatus",
  coalesce(delivery.error_code, mailed.error_code) AS "errorCode",
  ${mailed('text')} AS "mailText", ${mailed('html')} AS "mailHtml", mail.attachments AS "mailFiles"`;

const JOINS = `
  LEFT JOIN deliveries delivery ON delivery.client_id = $1 AND delivery.id = message.id
  LEFT JOIN email_deliveries mailed ON mailed.client_id = $1 AND mailed.id = message.id
  LEFT JOIN email_messages mail ON mail.client_id = $1 AND mail.id = message.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
  LEFT JOIN users account ON account.id = coalesce(entry.author_id, author.user_id)
  LEFT JOIN customers person ON person.client_id = $1 AND person.id = message.sender_id
  LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = message.sender_id`;

/**
 * The newest `$3` items of conversation `$2` before message `$4` and entry `$5`, which stands behind message `$6`, newest first.
 * Messages go by their place; a note or an activity stands behind the message that was the newest when it was written.
 */
export const LIST: Statement = {
  name: 'timeline.list',
  text: `
    SELECT ${COLUMNS}
    FROM conversations thread
    CROSS JOIN LATERAL (
      (SELECT said.position AS place, 0::bigint AS entry FROM messages said
       WHERE said.client_id = $1 AND said.channel_id = $2 AND said.position < $4::bigint AND said.deleted_at IS NULL
       ORDER BY said.position DESC LIMIT $3)
      UNION ALL
      (SELECT noted.after_position, noted.number FROM conversation_entries noted
       WHERE noted.client_id = $1 AND noted.channel_id = $2 AND (noted.after_position, noted.number) < ($6::bigint, $5::bigint)
       ORDER BY noted.after_position DESC, noted.number DESC LIMIT $3)
      ORDER BY 1 DESC, 2 DESC LIMIT $3
    ) item
    LEFT JOIN messages message ON message.client_id = $1 AND message.channel_id = $2 AND message.position = item.place
      AND item.entry = 0
    LEFT JOIN conversation_entries entry ON entry.client_id = $1 AND entry.channel_id = $2 AND entry.number = item.entry
    ${JOINS}
    WHERE thread.client_id = $1 AND thread.channel_id = $2
    ORDER BY item.place DESC, item.entry DESC`,
};

/** Where item `$3` of conversation `$2` stands: the place of a message, or what an entry stands behind. No row: there is none. */
export const PLACE: Statement = {
  name: 'timeline.place',
  text: `
    SELECT said.position AS place FROM messages said
    WHERE said.client_id = $1 AND said.channel_id = $2 AND said.position = $3::bigint
    UNION ALL
    SELECT entry.after_position FROM conversation_entries entry
    WHERE entry.client_id = $1 AND entry.channel_id = $2 AND entry.number = $3::bigint - ${FIRST_ENTRY}`,
};

/** Message `$3` of conversation `$2`. */
export const FIND_MESSAGE: Statement = {
  name: 'timeline.find_message',
  text: `
    SELECT ${COLUMNS}
    FROM conversations thread
    JOIN messages message ON message.client_id = $1 AND message.id = $3 AND message.channel_id = thread.channel_id
    LEFT JOIN conversation_entries entry ON entry.client_id = $1 AND false
    ${JOINS}
    WHERE thread.client_id = $1 AND thread.channel_id = $2`,
};

/** Of whatever conversations: messages `$2` that are not deleted, and notes `$3`. */
export const FIND_ITEMS: Statement = {
  name: 'timeline.find_items',
  text: `
    SELECT ${COLUMNS}
    FROM (
      SELECT said.channel_id, said.id AS message_id, NULL::uuid AS entry_id FROM messages said
      WHERE said.client_id = $1 AND said.id = ANY($2::uuid[]) AND said.deleted_at IS NULL
      UNION ALL
      SELECT noted.channel_id, NULL, noted.id FROM conversation_entries noted
      WHERE noted.client_id = $1 AND noted.id = ANY($3::uuid[])
    ) item
    JOIN conversations thread ON thread.client_id = $1 AND thread.channel_id = item.channel_id
    LEFT JOIN messages message ON message.client_id = $1 AND message.id = item.message_id
    LEFT JOIN conversation_entries entry ON entry.client_id = $1 AND entry.id = item.entry_id
    ${JOINS}`,
};

/** The message of conversation `$2` at place `$3`, or with id `$4`. */
export const FIND_MESSAGE_ID: Statement = {
  name: 'timeline.find_message_id',
  text: `
    SELECT id FROM messages
    WHERE client_id = $1 AND channel_id = $2 AND (position = $3::bigint OR id = $4::uuid) AND deleted_at IS NULL`,
};

/** Note `$3` (its number), or `$4` (its id), of conversation `$2`. */
export const FIND_NOTE: Statement = {
  name: 'timeline.find_note',
  text: `
    SELECT ${COLUMNS}
    FROM conversations thread
    JOIN conversation_entries entry ON entry.client_id = $1 AND entry.channel_id = thread.channel_id AND entry.kind = 'note'
      AND (entry.number = $3::bigint OR entry.id = $4::uuid)
    LEFT JOIN messages message ON message.client_id = $1 AND false
    ${JOINS}
    WHERE thread.client_id = $1 AND thread.channel_id = $2`,
};

/** A note `$4` by user `$3` in conversation `$2`, which is held first. No row: there is no such conversation. */
export const ADD_NOTE: Statement = {
  name: 'timeline.add_note',
  text: `
    WITH held AS MATERIALIZED (
      SELECT channel_id FROM conversations WHERE client_id = $1 AND channel_id = $2 FOR NO KEY UPDATE
    )
    SELECT add_conversation_entry($1, channel_id, 'note', $3, $4, NULL)::float8 AS number, ${LISTENED} AS raised FROM held`,
};

/** Note `$3` of conversation `$2` says `$4`. */
export const UPDATE_NOTE: Statement = {
  name: 'timeline.update_note',
  text: `
    UPDATE conversation_entries SET body = $4
    WHERE client_id = $1 AND channel_id = $2 AND number = $3::bigint AND kind = 'note'
    RETURNING id, ${LISTENED} AS raised`,
};

export const DELETE_NOTE: Statement = {
  name: 'timeline.delete_note',
  text: `
    WITH held AS MATERIALIZED (
      SELECT channel_id FROM conversations WHERE client_id = $1 AND channel_id = $2 FOR NO KEY UPDATE
    ), gone AS (
      DELETE FROM conversation_entries USING held
      WHERE client_id = $1 AND conversation_entries.channel_id = held.channel_id AND number = $3::bigint AND kind = 'note'
      RETURNING conversation_entries.channel_id, id
    )
    UPDATE conversations SET entries_count = entries_count - 1
    FROM gone
    WHERE client_id = $1 AND conversations.channel_id = gone.channel_id
    RETURNING gone.id, ${LISTENED} AS raised`,
};
