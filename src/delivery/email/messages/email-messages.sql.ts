import type { Statement } from '../../../platform/database/statement.js';

/** `$2` is its row as JSON. No row: the mail is there already. */
export const CREATE: Statement = {
  name: 'email_messages.create',
  text: `
    INSERT INTO email_messages (client_id, id, channel_id, account_id, direction, message_id, message_id_sha256, followed_ids,
                                "from", reply_to, "to", cc, bcc, subject, text, html, automatic, is_marked, problem,
                                attachments, raw_file_id)
    SELECT $1, id, channel_id, account_id, direction, message_id, message_id_sha256, followed_ids,
           "from", reply_to, "to", cc, bcc, subject, text, html, automatic, is_marked, problem, attachments, raw_file_id
    FROM jsonb_populate_record(NULL::email_messages, $2::jsonb)
    ON CONFLICT DO NOTHING
    RETURNING id`,
};

/** Whether account `$2` has the mail whose Message-ID hashes to `$3`: one that came in, or, where `$4`, that went out. */
export const IS_KNOWN: Statement = {
  name: 'email_messages.is_known',
  text: `
    SELECT id FROM email_messages
    WHERE client_id = $1 AND account_id = $2
      AND message_id_sha256 = $3 AND (direction = 'inbound' OR $4::boolean) LIMIT 1`,
};

/** What the contact of a conversation writes from, and what it wrote from before it was merged with another. */
const KNOWN_BY = `array_remove(contact.email || contact_emails($1, contact.id), NULL)`;
const THREAD = `conversation.channel_id AS "channelId", conversation.status = 'closed' AS "isClosed",
      ${KNOWN_BY} AS "contactAddresses", coalesce(conversation.subject, '') AS subject`;
const CONTACT = `LEFT JOIN customers contact ON contact.client_id = $1 AND contact.id = conversation.contact_id`;

/** Conversation `$2` by its number, or by that of one that was merged into it, where account `$3` speaks in it. */
export const FIND_THREAD: Statement = {
  name: 'email_messages.find_thread',
  text: `
    SELECT ${THREAD} FROM conversations conversation ${CONTACT}
    WHERE conversation.client_id = $1 AND conversation.address_id = $3 AND conversation.channel_id = coalesce(
      (SELECT one.channel_id FROM conversations one WHERE one.client_id = $1 AND one.number = $2),
      (SELECT merged.into_id FROM merged_conversations merged WHERE merged.client_id = $1 AND merged.number = $2))`,
};

/** Those of the mails `$2` (hashes of their Message-IDs, in order) that account `$3` knows, with their conversations. */
export const FIND_FOLLOWED: Statement = {
  name: 'email_messages.find_followed',
  text: `
    SELECT ${THREAD}, ARRAY(
      SELECT lower(said->>'address') FROM jsonb_array_elements(mail."from" || mail."to" || mail.cc) said
    ) AS addresses
    FROM unnest($2::bytea[]) WITH ORDINALITY AS followed (sha256, place)
    JOIN email_messages mail ON mail.client_id = $1 AND mail.message_id_sha256 = followed.sha256 AND mail.account_id = $3
    JOIN conversations conversation ON conversation.client_id = $1 AND conversation.channel_id = mail.channel_id
    ${CONTACT}
    ORDER BY followed.place`,
};

/** What a conversation that begins with a mail is about, `$3`, and which one it goes on from, `$4`. */
export const BEGIN_THREAD: Statement = {
  name: 'email_messages.begin_thread',
  text: `UPDATE conversations SET subject = $3, related_id = $4 WHERE client_id = $1 AND channel_id = $2`,
};
