import type { Statement } from '../../../platform/database/statement.js';
import { LAST_UUID } from '../../../platform/database/uuids.js';
import { IS_KNOWN, IS_SHOWN, membersOf, MESSAGE, STANDING, standingIn, WITH_SENDER } from '../messages/message-row.js';

/**
 * A ConversationRow, of tables that go by `channel` and `mine`, the membership of who asks. All that was said up to
 * `cleared_position` is hidden from it.
 */
const COLUMNS = `channel.id, channel.type = 'general' AS "isDistinct", channel.metadata, channel.created_at AS "createdAt",
           channel.message_count - mine.hidden_count AS "totalCount",
           channel.message_count - mine.message_count - mine.seen_count AS "unreadCount",
           ${membersOf('channel.id')} AS members, (
             SELECT ${MESSAGE}
             FROM messages message${WITH_SENDER}
             WHERE message.client_id = $1 AND message.channel_id = channel.id AND mine.customer_id IS NOT NULL
               AND message.position > coalesce(mine.cleared_position, 0) AND ${IS_SHOWN}
             ORDER BY message.position DESC LIMIT 1
           ) AS "lastMessage"`;

/** Those of `$3` that customer `$2` is in, or was. */
export const FIND_MANY: Statement = {
  name: 'conversations.find_many',
  text: `
    SELECT ${STANDING} AS standing, ${COLUMNS}
    FROM channels channel${standingIn('channel.id')}
    WHERE channel.client_id = $1 AND channel.id = ANY($3::uuid[]) AND NOT channel.is_open AND ${IS_KNOWN}
    ORDER BY channel.id`,
};

/**
 * Those that customer `$2` is in, but for those it cleared and where nothing was said since. `$3` how many, `$4` the one to
 * start after, which may be cleared since, or null. Read for the page only: the rest is sorted by what is in the channels.
 */
const listBy = (name: string, moment: (channel: string) => string): Statement => ({
  name,
  text: `
    WITH listed AS MATERIALIZED (
      SELECT channel.id, ${moment('channel')} AS at
      FROM channel_members member
      JOIN channels channel ON channel.client_id = $1 AND channel.id = member.channel_id
      WHERE member.client_id = $1 AND member.customer_id = $2 AND NOT channel.is_open
        AND (member.cleared_position IS NULL OR member.cleared_position < channel.last_position)
    ), cursor AS (
      SELECT channel.id, ${moment('channel')} AS at
      FROM channel_members member
      JOIN channels channel ON channel.client_id = $1 AND channel.id = member.channel_id
      WHERE member.client_id = $1 AND member.customer_id = $2 AND member.channel_id = $4 AND NOT channel.is_open
    )
    SELECT (SELECT count(*)::int FROM listed) AS total,
           ($4::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
    FROM (VALUES (1)) AS one
    LEFT JOIN cursor ON true
    LEFT JOIN LATERAL (
      SELECT 'member' AS standing, ${COLUMNS}
      FROM (
        SELECT listed.id, listed.at FROM listed
        WHERE (listed.at, listed.id) < (coalesce(cursor.at, 'infinity'), coalesce(cursor.id, '${LAST_UUID}'::uuid))
        ORDER BY listed.at DESC, listed.id DESC LIMIT $3
      ) AS chosen
      JOIN channels channel ON channel.client_id = $1 AND channel.id = chosen.id
      JOIN channel_members mine ON mine.client_id = $1 AND mine.channel_id = chosen.id AND mine.customer_id = $2
      ORDER BY chosen.at DESC, chosen.id DESC
    ) page ON true`,
});

export const LIST_BY_CREATION = listBy('conversations.list_by_creation', (channel) => `${channel}.created_at`);

export const LIST_BY_LAST_MESSAGE = listBy(
  'conversations.list_by_last_message',
  (channel) => `coalesce(${channel}.last_message_at, ${channel}.created_at)`,
);

/** Channel `$3` as customer `$2` stands to it, and the newest message up to position `$4` there, which may be deleted. */
export const FIND_PLACE: Statement = {
  name: 'conversations.find_place',
  text: `
    SELECT ${STANDING} AS standing, (
             SELECT message.id FROM messages message
             WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.position <= $4
             ORDER BY message.position DESC LIMIT 1
           ) AS "messageId"
    FROM channels channel${standingIn('channel.id')}
    WHERE channel.client_id = $1 AND channel.id = $3 AND NOT channel.is_open AND ${IS_KNOWN}`,
};

/** The metadata of channel `$2`, which nobody else changes before the commit. */
export const HOLD_METADATA: Statement = {
  name: 'conversations.hold_metadata',
  text: `SELECT metadata FROM channels WHERE client_id = $1 AND id = $2 FOR UPDATE`,
};
