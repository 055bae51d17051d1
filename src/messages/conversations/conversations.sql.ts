import { CHANNEL_COLUMNS } from '../../channels/channel-row.js';
import { listStatement } from '../../platform/database/list.sql.js';

/** What a member (`mine`) has not read of a channel: what was said there, less what it said and what it has seen. */
const UNREAD = `channel.message_count - mine.message_count - mine.seen_count`;

/** The newest message of a channel as JSON; `$5` who asks, where it is a customer, which does not see what it hid. */
const lastOf = (channelId: string): string => `(
        SELECT json_build_object('id', message.id, 'channelId', message.channel_id, 'senderId', message.sender_id,
                 'position', message.position, 'type', message.type, 'content', message.content,
                 'metadata', message.metadata, 'parts', message.parts, 'createdAt', message.created_at)
        FROM messages message
        WHERE message.client_id = $1 AND message.channel_id = ${channelId} AND message.deleted_at IS NULL
          AND ($5::uuid IS NULL OR NOT EXISTS (
            SELECT FROM hidden_messages hidden
            WHERE hidden.client_id = $1 AND hidden.customer_id = $5 AND hidden.channel_id = message.channel_id
              AND hidden.position = message.position))
        ORDER BY message.position DESC LIMIT 1)`;

/**
 * The channels of one customer (`$4`), by when they were made; of those that are not of the page, only that is read. No row:
 * there is no such customer.
 */
export const LIST_FOR_CUSTOMER = listStatement('conversations.list_for_customer', 'desc', {
  total: '(SELECT count(*)::int FROM channel_members WHERE client_id = $1 AND customer_id = $4)',
  of: 'customers owner',
  where: 'owner.client_id = $1 AND owner.id = $4',
  cursor: `(
      SELECT channel.id, channel.created_at FROM channels channel
      JOIN channel_members mine ON mine.client_id = $1 AND mine.channel_id = channel.id AND mine.customer_id = $4
      WHERE channel.client_id = $1 AND channel.id = $3
    ) cursor ON true`,
  page: ({ after, order }) => `
      SELECT ${CHANNEL_COLUMNS}, ${UNREAD} AS "unreadCount", ${lastOf('channel.id')} AS "lastMessage"
      FROM (
        SELECT member.channel_id, member.message_count, member.seen_count
        FROM channel_members member
        JOIN channels made ON made.client_id = $1 AND made.id = member.channel_id
        WHERE member.client_id = $1 AND member.customer_id = owner.id AND ${after('made')}
        ORDER BY ${order('made')} LIMIT $2
      ) mine
      JOIN channels channel ON channel.client_id = $1 AND channel.id = mine.channel_id
      ORDER BY ${order('channel')}`,
});

/** How many channels of a conversation are listed. */
const CHANNELS = 20;

/** When something last happened in a channel. */
const ACTIVE_AT = `coalesce(channel.last_message_at, channel.created_at)`;

/**
 * One row per person the customer (`$4`, an e-mail) shares channels with; by their newest activity; the channels of each
 * newest first. Of all that they share, ids and times are read; the rest, and last messages, of what the page
 * shows only. Each channel is looked up by its key (the LATERALs see to that): of a client that grew since PostgreSQL last
 * counted it would expect a few, and join them all with all. No row: there is no such customer.
 */
export const LIST_CONVERSATIONS = listStatement('conversations.list_conversations', 'desc', {
  with: `owner AS (
      SELECT id FROM customers WHERE client_id = $1 AND email = $4
    ), shared AS (
      SELECT other.customer_id, channel.id, channel.at,
             row_number() OVER (PARTITION BY other.customer_id ORDER BY channel.at DESC, channel.id DESC) AS place
      FROM owner
      JOIN channel_members mine ON mine.client_id = $1 AND mine.customer_id = owner.id
      CROSS JOIN LATERAL (
        SELECT channel.id, ${ACTIVE_AT} AS at FROM channels channel
        WHERE channel.client_id = $1 AND channel.id = mine.channel_id LIMIT 1
      ) channel
      CROSS JOIN LATERAL (
        SELECT other.customer_id FROM channel_members other
        WHERE other.client_id = $1 AND other.channel_id = mine.channel_id AND other.customer_id <> owner.id
        ORDER BY other.channel_id, other.customer_id OFFSET 0
      ) other
    ), partners AS MATERIALIZED (
      SELECT customer_id AS id, max(at) AS at, count(*)::int AS "channelsCount",
             array_agg(id ORDER BY place) FILTER (WHERE place <= ${CHANNELS}) AS channels
      FROM shared GROUP BY customer_id
    )`,
  total: '(SELECT count(*)::int FROM partners)',
  of: 'owner',
  key: { at: 'timestamptz', id: 'uuid' },
  cursor: 'partners cursor ON cursor.id = $3',
  page: ({ after, order }) => `
      SELECT customer.id, customer.name, customer.email, customer.profile ->> 'avatar_url' AS "avatarUrl",
             partners.at AS "latestMessageAt", partners."channelsCount", (
               SELECT json_agg(json_build_object(
                        'channel', json_build_object(
                          'id', channel.id, 'type', channel.type, 'name', channel.name,
                          'updatedAt', floor(extract(epoch FROM ${ACTIVE_AT})), 'unreadCount', ${UNREAD}),
                        'lastMessage', ${lastOf('channel.id')}) ORDER BY one.place)
               FROM unnest(partners.channels) WITH ORDINALITY AS one (id, place)
               CROSS JOIN LATERAL (
                 SELECT * FROM channels channel WHERE channel.client_id = $1 AND channel.id = one.id LIMIT 1
               ) channel
               CROSS JOIN LATERAL (
                 SELECT mine.message_count, mine.seen_count FROM channel_members mine
                 WHERE mine.client_id = $1 AND mine.channel_id = one.id AND mine.customer_id = owner.id LIMIT 1
               ) mine
             ) AS channels
      FROM partners JOIN customers customer ON customer.client_id = $1 AND customer.id = partners.id
      WHERE ${after('partners')}
      ORDER BY ${order('partners')} LIMIT $2`,
});
