/**
 * What the least that a server of messages has to do costs: a yardstick. It never changes with the product, or figures of
 * two days could not be compared.
 */

/** Tables of their own, with the tenants, channels and people that the product's have, so that both are asked for the same. */
export const MAKE_SCHEMA = `
  CREATE SCHEMA reference;
  CREATE TABLE reference.channels (
    client_id uuid, id uuid, message_count integer NOT NULL DEFAULT 0, PRIMARY KEY (client_id, id));
  CREATE TABLE reference.members (
    client_id uuid, channel_id uuid, customer_id uuid, message_count integer NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, channel_id, customer_id));
  CREATE TABLE reference.customers (
    client_id uuid, id uuid, message_count integer NOT NULL DEFAULT 0, PRIMARY KEY (client_id, id));
  CREATE TABLE reference.messages (
    client_id uuid, channel_id uuid, position integer, id uuid NOT NULL, sender_id uuid NOT NULL, type text NOT NULL,
    content text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (client_id, channel_id, position));`;

export const COPY_ROWS = `
  INSERT INTO reference.channels SELECT client_id, id, last_position FROM channels;
  INSERT INTO reference.members SELECT client_id, channel_id, customer_id, message_count FROM channel_members;
  INSERT INTO reference.customers SELECT client_id, id, message_count FROM customers;
  INSERT INTO reference.messages
    SELECT client_id, channel_id, position, id, sender_id, type, content, created_at FROM messages;`;

/**
 * Message `$2` of `$3` (type) and `$4` (content) into channel `$5` from `$6`: whether that customer is a member, the
 * message, and three counters. No row: not a member.
 */
export const REFERENCE_SEND = {
  name: 'reference.send',
  text: `
    WITH member AS (
      UPDATE reference.members SET message_count = message_count + 1
      WHERE client_id = $1 AND channel_id = $5 AND customer_id = $6
      RETURNING channel_id
    ), channel AS (
      UPDATE reference.channels SET message_count = message_count + 1
      FROM member WHERE client_id = $1 AND id = member.channel_id
      RETURNING id, message_count AS position
    ), sender AS (
      UPDATE reference.customers SET message_count = message_count + 1
      FROM channel WHERE client_id = $1 AND customers.id = $6
    )
    INSERT INTO reference.messages (client_id, channel_id, position, id, sender_id, type, content)
    SELECT $1, channel.id, channel.position, $2, $6, $3, $4 FROM channel
    RETURNING id, channel_id, sender_id, position, type, content, created_at`,
};

/** The first `$2` messages of channel `$4` after place `$3`, each with the channel's total. */
export const REFERENCE_PAGE = {
  name: 'reference.page',
  text: `
    SELECT channel.message_count AS total, message.*
    FROM reference.channels channel
    LEFT JOIN LATERAL (
      SELECT id, channel_id, sender_id, position, type, content, created_at FROM reference.messages
      WHERE client_id = $1 AND channel_id = $4 AND position > $3 ORDER BY position LIMIT $2
    ) message ON true
    WHERE channel.client_id = $1 AND channel.id = $4`,
};
