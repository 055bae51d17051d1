import { few, listStatement, type Scan } from '../platform/database/list.sql.js';
import type { Statement } from '../platform/database/statement.js';
import { raisedMessage } from './raise-message.js';

export const COLUMNS = `
  message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
  message.content, message.metadata, message.parts, message.created_at AS "createdAt"`;
/** The reuse key of two customers' general channel: see channels/reuse-key.ts. */
export const generalKey = (one: string, other: string): string => `sha256(convert_to(
        'general:' || least(${one}, ${other}) || ',' || greatest(${one}, ${other}),
        'UTF8'))`;
/** Of a table that goes by `message`: it is not deleted, nor hidden by the customer who asks (null: by nobody). */
const shownTo = (viewer: string): string => `
        message.deleted_at IS NULL AND (${viewer}::uuid IS NULL OR NOT EXISTS (
          SELECT FROM hidden_messages hidden
          WHERE hidden.client_id = $1 AND hidden.customer_id = ${viewer} AND hidden.channel_id = message.channel_id
            AND hidden.position = message.position))`;

/**
 * One message of `$2` (id), `$3` (type), `$4` (content), `$5` (metadata), `$6` (parts) from and into what `target` yields,
 * in one statement: one round trip, one commit. Every transaction locks in this order: member, channel, customer, counter;
 * so none waits for one that waits for it. The clock is read after the channel's lock is held: `created_at` never falls as
 * `position` rises. Where the id is taken, the statement fails as a whole, and nothing is counted.
 */
const sendTo = (target: string): string => `
    target AS (${target}),
    member AS (
      UPDATE channel_members SET message_count = message_count + 1, last_message_at = clock_timestamp()
      FROM target
      WHERE client_id = $1 AND channel_members.channel_id = target.channel_id
        AND channel_members.customer_id = target.sender_id
      RETURNING channel_members.channel_id, channel_members.customer_id
    ), channel AS (
      UPDATE channels
      SET last_position = last_position + 1, message_count = message_count + 1,
          last_message_at = greatest(last_message_at, clock_timestamp())
      FROM member
      WHERE client_id = $1 AND channels.id = member.channel_id
      RETURNING channels.id, member.customer_id AS sender_id, last_position AS position, last_message_at AS at, address_id
    ), sender AS (
      UPDATE customers
      SET message_count = message_count + 1, latest_message_at = greatest(latest_message_at, channel.at)
      FROM channel
      WHERE client_id = $1 AND customers.id = channel.sender_id
      RETURNING channel.*, message_count = 1 OR channel.address_id IS NOT NULL AS is_followed
    ), message AS (
      INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, metadata, parts, created_at)
      SELECT $1, sender.id, sender.position, $2, sender.sender_id, $3, $4, $5, $6, sender.at FROM sender
      RETURNING *
    )`;

/** Most are neither their sender's first nor in a channel with an address: these pay for one look at what was returned. */
const raisedWith = (more = ''): string =>
  raisedMessage(
    `CASE WHEN (SELECT is_followed FROM sender) THEN follow_send($1, message.id, message.sender_id${more}) ELSE false END`,
  );
const RAISED_MESSAGE = raisedWith();

/** Into channel `$7` from `$8`. No row: that customer is not in that channel. */
export const SEND: Statement = {
  name: 'messages.send',
  text: `WITH ${sendTo(`SELECT $7::uuid AS channel_id, $8::uuid AS sender_id`)} SELECT ${COLUMNS}, ${RAISED_MESSAGE} FROM message`,
};

/** The same as API key `$9`. */
export const SEND_BY_KEY: Statement = {
  name: 'messages.send_by_key',
  text: `WITH ${sendTo(`SELECT $7::uuid AS channel_id, $8::uuid AS sender_id`)}
    SELECT ${COLUMNS}, ${raisedWith(', $9::uuid')} FROM message`,
};

/**
 * From the customer with e-mail `$7` to the one with `$8`, into their general channel, found by the hash that
 * channels/reuse-key.ts makes. Both ids are answered where they are known; without a message, there is no channel yet.
 */
export const SEND_TO_CUSTOMER: Statement = {
  name: 'messages.send_to_customer',
  text: `
    WITH pair AS (
      SELECT sender.id AS sender_id, recipient.id AS recipient_id
      FROM (VALUES (1)) AS one
      LEFT JOIN customers sender ON sender.client_id = $1 AND sender.email = $7
      LEFT JOIN customers recipient ON recipient.client_id = $1 AND recipient.email = $8
    ), ${sendTo(`
      SELECT channels.id AS channel_id, pair.sender_id
      FROM pair
      JOIN channels
        ON channels.client_id = $1 AND channels.reuse_key = ${generalKey('pair.sender_id', 'pair.recipient_id')}`)}
    SELECT pair.sender_id AS "pairSenderId", pair.recipient_id AS "pairRecipientId", ${COLUMNS}, ${RAISED_MESSAGE}
    FROM pair LEFT JOIN message ON true`,
};

/** `$3` who asks, where it is a customer, which sees what is in its channels; or null. */
export const FIND: Statement = {
  name: 'messages.find',
  text: `
    SELECT ${COLUMNS} FROM messages message
    WHERE message.client_id = $1 AND message.id = $2 AND ${shownTo('$3')} AND ($3::uuid IS NULL OR EXISTS (
      SELECT FROM channel_members viewer
      WHERE viewer.client_id = $1 AND viewer.channel_id = message.channel_id AND viewer.customer_id = $3))`,
};

const IN_CHANNEL = {
  key: { position: 'integer' },
  cursor: 'messages cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.channel_id = channel.id',
} as const;
const messagesOfChannel =
  (shown: string) =>
  ({ after, order }: Scan): string =>
    few(`
      SELECT ${COLUMNS} FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = $4 AND ${after('message')} AND ${shown}
      ORDER BY ${order('message')}`);

/** By their place. A deleted one still is a cursor. `$4` the channel. No row: there is no such channel. */
export const LIST_IN_CHANNEL = listStatement('messages.list_in_channel', 'asc', {
  ...IN_CHANNEL,
  total: 'channel.message_count',
  of: 'channels channel',
  where: 'channel.client_id = $1 AND channel.id = $4',
  page: messagesOfChannel('message.deleted_at IS NULL'),
});

/** The same as customer `$5` sees it. No row either where that is not in it. */
export const LIST_IN_CHANNEL_FOR = listStatement('messages.list_in_channel_for', 'asc', {
  ...IN_CHANNEL,
  total: 'channel.message_count - viewer.hidden_count',
  of: `channels channel
    JOIN channel_members viewer
      ON viewer.client_id = $1 AND viewer.channel_id = channel.id AND viewer.customer_id = $5`,
  where: 'channel.client_id = $1 AND channel.id = $4',
  page: messagesOfChannel(shownTo('$5')),
});

/** What customer `$4` sent, by when; `$5` itself where it is who asks, or null. No row: there is no such customer. */
export const LIST_BY_SENDER = listStatement('messages.list_by_sender', 'desc', {
  total: `sender.message_count - (
             SELECT count(*)::int FROM hidden_messages hidden
             JOIN messages message ON message.client_id = $1 AND message.channel_id = hidden.channel_id
               AND message.position = hidden.position AND message.sender_id = $4 AND message.deleted_at IS NULL
             WHERE hidden.client_id = $1 AND hidden.customer_id = $5
           )`,
  of: 'customers sender',
  where: 'sender.client_id = $1 AND sender.id = $4',
  cursor: 'messages cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.sender_id = sender.id',
  page: ({ after, order }) =>
    few(`
      SELECT ${COLUMNS} FROM messages message
      WHERE message.client_id = $1 AND message.sender_id = $4 AND ${after('message')} AND ${shownTo('$5')}
      ORDER BY ${order('message')}`),
});

/**
 * What the customers with e-mails `$4` and `$5` wrote in the channels they share, by when: the first few of each in each
 * such channel, then the first few of those. No row: one of the two is unknown.
 */
export const LIST_BETWEEN = listStatement('messages.list_between', 'desc', {
  with: `pair AS (
      SELECT one.id AS one_id, two.id AS two_id
      FROM customers one JOIN customers two ON two.client_id = $1 AND two.email = $5
      WHERE one.client_id = $1 AND one.email = $4
    ), authors AS MATERIALIZED (
      SELECT author.channel_id, author.customer_id, author.message_count
      FROM pair
      JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = pair.one_id
      JOIN channel_members yours ON yours.client_id = $1 AND yours.channel_id = mine.channel_id
        AND yours.customer_id = pair.two_id
      JOIN channel_members author ON author.client_id = $1 AND author.channel_id = mine.channel_id
        AND author.customer_id IN (pair.one_id, pair.two_id)
    )`,
  total: '(SELECT coalesce(sum(message_count), 0)::int FROM authors)',
  of: 'pair',
  cursor: `(
      SELECT message.id, message.created_at FROM messages message
      JOIN authors ON authors.channel_id = message.channel_id AND authors.customer_id = message.sender_id
      WHERE message.client_id = $1 AND message.id = $3
    ) cursor ON true`,
  page: ({ after, order }) => `
      SELECT ${COLUMNS}
      FROM authors
      CROSS JOIN LATERAL (
        SELECT * FROM messages message
        WHERE message.client_id = $1 AND message.channel_id = authors.channel_id
          AND message.sender_id = authors.customer_id AND ${after('message')} AND message.deleted_at IS NULL
        ORDER BY ${order('message')} LIMIT $2
      ) message
      ORDER BY ${order('message')} LIMIT $2`,
});

/**
 * What devices are to be told of message `$3` in channel `$4`; and, in the event of this transaction, pages of Layer's SDKs,
 * which notify themselves.
 */
export const NOTIFY: Statement = {
  name: 'messages.notify',
  text: `
    WITH told AS (
      UPDATE events SET data = data || jsonb_build_object('notification', $5::jsonb)
      WHERE client_id = $1 AND channel_id = $4 AND created_at = now() AND type = 'message.created' AND data->>'id' = ($3::uuid)::text
    )
    INSERT INTO notifications (client_id, id, message_id, channel_id, content) VALUES ($1, $2, $3, $4, $5)
    RETURNING true AS raised`,
};
