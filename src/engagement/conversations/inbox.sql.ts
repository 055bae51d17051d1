import type { Statement } from '../../platform/database/statement.js';
import { LISTENED } from '../../platform/outbox/raise.js';
import { FIRST_ENTRY } from './timeline.sql.js';

/** See change-conversation.ts. No row: there is no conversation `$2`. */
export const CHANGE: Statement = {
  name: 'inbox.change',
  text: `
    SELECT changed.outcome, changed.outcome = 'changed' AND ${LISTENED} AS raised
    FROM conversations one CROSS JOIN LATERAL change_conversation($1, one.channel_id, $3, $4) changed
    WHERE one.client_id = $1 AND one.channel_id = $2`,
};

/** The contact with number `$2`, or with id `$3`. */
export const FIND_CONTACT: Statement = {
  name: 'inbox.find_contact',
  text: `
    SELECT contact.customer_id AS id, customer.phone, customer.email, contact.status = 'unsubscribed' OR EXISTS (
             SELECT FROM suppressions suppression
             WHERE suppression.client_id = $1 AND suppression.address_hash = suppression_hash($1, customer.email)
           ) AS "isSuppressed"
    FROM contacts contact
    JOIN customers customer ON customer.client_id = $1 AND customer.id = contact.customer_id
    WHERE contact.client_id = $1 AND (contact.number = $2::bigint OR contact.customer_id = $3::uuid)`,
};

/** The user with number `$2`, or with id `$3`, where it is a member. */
export const FIND_MEMBER: Statement = {
  name: 'inbox.find_member',
  text: `
    SELECT account.id, account.name FROM memberships member JOIN users account ON account.id = member.user_id
    WHERE member.client_id = $1 AND (account.number = $2::bigint OR account.id = $3::uuid)`,
};

/** Address `$3` of medium `$2`. */
export const FIND_ADDRESS: Statement = {
  name: 'inbox.find_address',
  text: `
    SELECT address.customer_id AS id, address.address FROM addresses address
    WHERE address.client_id = $1 AND address.medium = $2 AND address.customer_id = $3 AND address.released_at IS NULL`,
};

/**
 * What begins to speak: address `$3` of medium `$2`, or the default one where that is null, or else the oldest; where it belongs
 * to a messaging service, that.
 */
export const FIND_SPEAKER: Statement = {
  name: 'inbox.find_speaker',
  text: `
    SELECT speaker.customer_id AS id, speaker.address
    FROM (
      SELECT address.customer_id, address.service_id FROM addresses address
      WHERE address.client_id = $1 AND address.medium = $2 AND address.released_at IS NULL
        AND ($3::uuid IS NULL OR address.customer_id = $3::uuid)
      ORDER BY address.is_default DESC, address.created_at, address.customer_id LIMIT 1
    ) found
    JOIN addresses speaker ON speaker.client_id = $1 AND speaker.released_at IS NULL
      AND speaker.customer_id IN (found.customer_id, found.service_id)
    ORDER BY speaker.customer_id = found.customer_id LIMIT 1`,
};

/** Before a reply, in the order of all locks: the address in the channel `$2`; nobody else replies until the commit. */
export const HOLD_SPEAKER: Statement = {
  name: 'inbox.hold_speaker',
  text: `
    SELECT customer_id FROM channel_members
    WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 FOR NO KEY UPDATE`,
};

/** The newest that was said as `$3` in channel `$2` behind an item: that with number `$4`, or with id `$5`. */
export const FIND_LATER_REPLY: Statement = {
  name: 'inbox.find_later_reply',
  text: `
    SELECT message.id FROM messages message
    WHERE message.client_id = $1 AND message.channel_id = $2 AND message.sender_id = $3 AND message.deleted_at IS NULL
      AND message.type <> 'system' AND message.position > coalesce(
        CASE WHEN $4::bigint < ${FIRST_ENTRY} THEN $4::bigint END,
        (SELECT seen.position FROM messages seen
         WHERE seen.client_id = $1 AND seen.channel_id = $2 AND seen.id = $5::uuid),
        (SELECT entry.after_position FROM conversation_entries entry
         WHERE entry.client_id = $1 AND entry.channel_id = $2
           AND (entry.number = $4::bigint - ${FIRST_ENTRY} OR entry.id = $5::uuid)),
        0)
    ORDER BY message.position DESC LIMIT 1`,
};

/** Before user `$2` is assigned what it says first, in the order of all locks. */
export const HOLD_MEMBER: Statement = {
  name: 'inbox.hold_member',
  text: `SELECT user_id FROM memberships WHERE client_id = $1 AND user_id = $2 FOR SHARE`,
};

/** Which user spoke as the address. */
export const SIGN: Statement = {
  name: 'inbox.sign',
  text: `INSERT INTO message_authors (client_id, message_id, user_id) SELECT $1, $2, $3`,
};

/** Reply `$2` was made of canned response `$3`. */
export const KEEP_CANNED: Statement = {
  name: 'inbox.keep_canned',
  text: `
    INSERT INTO replies (client_id, channel_id, position, canned_response_id)
    SELECT $1, message.channel_id, message.position, $3 FROM messages message
    WHERE message.client_id = $1 AND message.id = $2`,
};

/** Conversations that were snoozed until now are open again: see change-conversation.ts. Of all clients. */
export const WAKE: Statement = {
  name: 'inbox.wake',
  text: `SELECT woken, woken > 0 AS raised FROM wake_conversations($1)`,
};

/** Those of these addresses that do not get the mail anyway, and are not the client's own. */
const others = (emails: string): string => `(
      SELECT coalesce(jsonb_agg(jsonb_build_object('address', given.email, 'name', '') ORDER BY given.place), '[]')
      FROM unnest(${emails}::text[]) WITH ORDINALITY AS given (email, place)
      WHERE NOT EXISTS (
        SELECT FROM addresses one
        WHERE one.client_id = $1 AND one.medium = 'email' AND one.released_at IS NULL AND one.address = given.email
      ) AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(mail."to" || mail.cc) known WHERE lower(known->>'address') = given.email)
    )`;

/** Mail `$2`, which is not on its way yet, is shown as `$3`, where that is not null, and goes to `$4` and, unseen, to `$5` too. */
export const DRESS_MAIL: Statement = {
  name: 'inbox.dress_mail',
  text: `
    UPDATE email_messages mail SET html = $3, cc = mail.cc || ${others('$4')}, bcc = ${others('$5')}
    WHERE mail.client_id = $1 AND mail.id = $2`,
};

/** What the mails of conversation `$2` say that they are about: `$3`. In the transaction that begins it. */
export const NAME_MAILS: Statement = {
  name: 'inbox.name_mails',
  text: `UPDATE email_messages SET subject = $3 WHERE client_id = $1 AND channel_id = $2`,
};
