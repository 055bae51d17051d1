import { CUSTOMERS_OWN, TOLD_TO_ALL } from '../../../platform/outbox/event.entity.js';
import type { Statement } from '../../../platform/database/statement.js';

/** Who is in any of the channels `$2`. */
export const FIND_MEMBERS: Statement = {
  name: 'layer_audience.find_members',
  text: `
    SELECT DISTINCT customer_id AS "customerId" FROM channel_members WHERE client_id = $1 AND channel_id = ANY($2::uuid[])`,
};

/** Channel `$2`, where it is an open one. */
export const FIND_OPEN: Statement = {
  name: 'layer_audience.find_open',
  text: `SELECT id FROM channels WHERE client_id = $1 AND id = $2 AND is_open`,
};

/**
 * Which of the customers `$3` are in which of the channels `$2`, and how many messages they have not read there; in those
 * of them that are in `$4` also the last message that each is shown.
 */
export const FIND_WATCHERS: Statement = {
  name: 'layer_audience.find_watchers',
  text: `
    SELECT member.channel_id AS "channelId", member.customer_id AS "customerId", channel.is_open AS "isOpen",
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

/** Which of the customers `$3` are in a channel with which of the customers `$2`, in which, and what
 * the former are there. */
export const FIND_SHARED: Statement = {
  name: 'layer_audience.find_shared',
  text: `
    SELECT known.customer_id AS "customerId", known.channel_id AS "channelId", viewer.customer_id AS "viewerId",
           channel.is_open AS "isOpen", known.is_owner AS "isOwner"
    FROM channel_members known
    JOIN channels channel ON channel.client_id = $1 AND channel.id = known.channel_id
    JOIN channel_members viewer ON viewer.client_id = $1 AND viewer.channel_id = known.channel_id
      AND viewer.customer_id = ANY($3::uuid[])
    WHERE known.client_id = $1 AND known.customer_id = ANY($2::uuid[])
    ORDER BY known.customer_id, known.channel_id`,
};

/** Customer `$2`, whom it follows, and who shares a channel with it; `$3` of them at most. */
export const LIST_ACQUAINTED: Statement = {
  name: 'layer_audience.list_acquainted',
  text: `
    SELECT $2::uuid AS id
    UNION
    SELECT other.customer_id
    FROM channel_members mine
    JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
    WHERE mine.client_id = $1 AND mine.customer_id = $2
    UNION
    SELECT followed_id FROM follows WHERE client_id = $1 AND follower_id = $2
    LIMIT $3`,
};

/** Of a table that goes by `event`. */
const EVENT = `event.seq, event.client_id AS "clientId", event.id, event.type, event.channel_id AS "channelId",
           event.customer_id AS "customerId", event.created_at AS "createdAt", event.data`;

/**
 * At most `$4` events since `$3` that concern customer `$2`, in any order: of the channels `$5` it is in (null: of all of
 * them), and what happened to itself, to those it knows and to all. Each part is read by an index of its own, so that it
 * costs what there is for this customer, however much happened to others.
 */
export const READ_MISSED: Statement = {
  name: 'layer_audience.read_missed',
  text: `
    WITH mine AS MATERIALIZED (
      SELECT channel_id FROM channel_members WHERE client_id = $1 AND customer_id = $2
    )
    (SELECT ${EVENT}
     FROM mine
     CROSS JOIN LATERAL (
       SELECT * FROM events
       WHERE client_id = $1 AND channel_id = mine.channel_id AND created_at >= $3
       ORDER BY created_at LIMIT $4
     ) event
     WHERE $5::uuid[] IS NULL OR mine.channel_id = ANY($5) LIMIT $4)
    UNION ALL
    (SELECT ${EVENT} FROM events event
     WHERE event.client_id = $1 AND event.customer_id = $2 AND event.created_at >= $3
       AND event.type IN (${CUSTOMERS_OWN})
       AND (event.channel_id IS NULL OR event.channel_id NOT IN (SELECT channel_id FROM mine)) LIMIT $4)
    UNION ALL
    (SELECT ${EVENT}
     FROM (
       SELECT other.customer_id
       FROM mine JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
       WHERE other.customer_id <> $2
       UNION
       SELECT followed_id FROM follows WHERE client_id = $1 AND follower_id = $2
     ) known
     CROSS JOIN LATERAL (
       SELECT * FROM events
       WHERE client_id = $1 AND customer_id = known.customer_id AND created_at >= $3
         AND type = 'customer.updated'
       ORDER BY created_at DESC LIMIT $4
     ) event LIMIT $4)
    UNION ALL
    (SELECT ${EVENT} FROM events event
     WHERE event.client_id = $1 AND event.created_at >= $3 AND event.type IN (${TOLD_TO_ALL})
       AND (event.type = 'announcement.created' OR event.data->'customerIds' ? $2::text) LIMIT $4)`,
};

/** How many events since `$3` each channel of customer `$2` has, where it has any; counted up to `$4`. */
export const COUNT_MISSED: Statement = {
  name: 'layer_audience.count_missed',
  text: `
    SELECT mine.channel_id AS "channelId", missed.count
    FROM channel_members mine
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS count FROM (
        SELECT FROM events
        WHERE client_id = $1 AND channel_id = mine.channel_id AND created_at >= $3 LIMIT $4
      ) event
    ) missed
    WHERE mine.client_id = $1 AND mine.customer_id = $2 AND missed.count > 0
    ORDER BY missed.count, mine.channel_id`,
};

/** The position of the first message since `$3` in each of the channels `$2`, where there is one. */
export const FIND_FIRST_MISSED: Statement = {
  name: 'layer_audience.find_first_missed',
  text: `
    SELECT asked.channel_id AS "channelId", first.position
    FROM unnest($2::uuid[]) AS asked (channel_id)
    CROSS JOIN LATERAL (
      SELECT (event.data->>'position')::int AS position FROM events event
      WHERE event.client_id = $1 AND event.channel_id = asked.channel_id AND event.created_at >= $3
        AND event.type = 'message.created'
      ORDER BY event.created_at LIMIT 1
    ) first`,
};
