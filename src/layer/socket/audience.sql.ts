import type { Statement } from '../../database/statement.js';

/** Who is in any of the channels `$2`. */
export const FIND_MEMBERS: Statement = {
  name: 'layer_audience.find_members',
  text: `
    SELECT DISTINCT customer_id AS "customerId" FROM channel_members WHERE client_id = $1 AND channel_id = ANY($2::uuid[])`,
};

/**
 * Which of the customers `$3` are in which of the channels `$2`, and how many messages they have not read there; in those
 * of them that are in `$4` also the last message that each is shown.
 */
export const FIND_WATCHERS: Statement = {
  name: 'layer_audience.find_watchers',
  text: `
    SELECT member.channel_id AS "channelId", member.customer_id AS "customerId",
           channel.message_count - member.message_count - member.seen_count AS unread, last.id AS "lastMessageId"
    FROM channel_members member
    JOIN channels channel ON channel.client_id = $1 AND channel.id = member.channel_id
    LEFT JOIN LATERAL (
      SELECT message.id FROM messages message
      WHERE member.channel_id = ANY($4::uuid[]) AND message.client_id = $1 AND message.channel_id = member.channel_id
        AND message.position > coalesce(member.cleared_position, 0) AND message.deleted_at IS NULL AND NOT EXISTS (
          SELECT FROM hidden_messages hidden
          WHERE hidden.client_id = $1 AND hidden.customer_id = member.customer_id
            AND hidden.channel_id = member.channel_id AND hidden.position = message.position)
      ORDER BY message.position DESC LIMIT 1
    ) last ON true
    WHERE member.client_id = $1 AND member.channel_id = ANY($2::uuid[]) AND member.customer_id = ANY($3::uuid[])`,
};

/**
 * What each of these marks moved: in the channel in `$2` the customer in `$3` came, by the kind in `$4`, to the position in
 * `$5`. Of the messages of others between the mark before and this one the newest; one more than is told of says that there
 * are more.
 */
export const FIND_MOVED: Statement = {
  name: 'layer_audience.find_moved',
  text: `
    SELECT mark.at::int - 1 AS at, moved.id
    FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::int[])
      WITH ORDINALITY AS mark (channel_id, customer_id, kind, position, at)
    JOIN channel_members member ON member.client_id = $1 AND member.channel_id = mark.channel_id
      AND member.customer_id = mark.customer_id
    CROSS JOIN LATERAL (
      SELECT message.id, message.position FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = mark.channel_id AND message.position <= mark.position
        AND message.position > greatest(member.joined_position, (
          SELECT max(receipt.position) FROM receipts receipt
          WHERE receipt.client_id = $1 AND receipt.channel_id = mark.channel_id
            AND receipt.customer_id = mark.customer_id AND receipt.kind IN ('read', mark.kind)
            AND receipt.position < mark.position))
        AND message.deleted_at IS NULL AND message.sender_id IS DISTINCT FROM mark.customer_id
      ORDER BY message.position DESC LIMIT 101
    ) moved
    ORDER BY mark.at, moved.position DESC`,
};

/** Which of the customers `$3` are to hear of which of the customers `$2`: they share a channel, or follow them. */
export const FIND_ACQUAINTED: Statement = {
  name: 'layer_audience.find_acquainted',
  text: `
    SELECT known.customer_id AS "customerId", viewer.customer_id AS "viewerId"
    FROM channel_members known
    JOIN channel_members viewer ON viewer.client_id = $1 AND viewer.channel_id = known.channel_id
      AND viewer.customer_id = ANY($3::uuid[])
    WHERE known.client_id = $1 AND known.customer_id = ANY($2::uuid[])
    UNION
    SELECT followed_id, follower_id FROM follows
    WHERE follows.client_id = $1 AND followed_id = ANY($2::uuid[]) AND follower_id = ANY($3::uuid[])`,
};

/**
 * Up to `$4` events before number `$3` (null: the newest), backwards. `data` is null of those that customer `$2` has nothing
 * to do with.
 */
export const READ_BACK: Statement = {
  name: 'layer_audience.read_back',
  text: `
    WITH mine AS (
      SELECT channel_id FROM channel_members WHERE client_id = $1 AND customer_id = $2
    ), page AS (
      SELECT event.* FROM (
        (SELECT * FROM events told WHERE told.client_id = $1 AND told.is_public
           AND told.seq < coalesce($3::bigint, 9223372036854775807) ORDER BY told.seq DESC LIMIT $4)
        UNION ALL
        (SELECT * FROM events kept WHERE kept.client_id = $1 AND NOT kept.is_public
           AND kept.seq < coalesce($3::bigint, 9223372036854775807) ORDER BY kept.seq DESC LIMIT $4)
      ) event ORDER BY event.seq DESC LIMIT $4
    )
    SELECT page.seq, page.client_id AS "clientId", page.id, page.type, page.channel_id AS "channelId",
           page.customer_id AS "customerId", page.created_at AS "createdAt",
           CASE WHEN page.customer_id = $2 OR page.channel_id IN (SELECT channel_id FROM mine)
                  OR page.data->'customerIds' ? $2::text OR page.type LIKE 'announcement.%' OR page.type = 'customer.updated'
                THEN page.data END AS data
    FROM page
    ORDER BY page.seq DESC`,
};
