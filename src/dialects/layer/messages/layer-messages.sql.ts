import type { Statement } from '../../../platform/database/statement.js';
import { IS_KNOWN, IS_SHOWN, membersOf, MESSAGE, STANDING, standingIn, WITH_SENDER } from './message-row.js';

/** Those of `$3` that are there, by channel, as customer `$2` sees them; null: as nobody in particular, in any channel. */
export const FIND_MANY: Statement = {
  name: 'layer_messages.find_many',
  text: `
    SELECT said.channel_id AS "channelId", channel.is_open AS "isOpen", ${STANDING} AS standing, 
           ${membersOf('said.channel_id')} AS members, said.messages
    FROM (
      SELECT message.channel_id, json_agg(${MESSAGE} ORDER BY message.position) AS messages
      FROM messages message${WITH_SENDER}
      WHERE message.client_id = $1 AND message.id = ANY($3::uuid[]) AND ${IS_SHOWN}
      GROUP BY message.channel_id
    ) said
    JOIN channels channel ON channel.client_id = $1 AND channel.id = said.channel_id${standingIn('said.channel_id')}
    WHERE $2::uuid IS NULL OR ${IS_KNOWN}
    ORDER BY said.channel_id`,
};

/**
 * Of channel `$3`, open or not as `$6` says, for customer `$2`, newest first: `$4` how many, `$5` the message to start after, which may be deleted, or
 * null. All that was said up to `cleared_position` is hidden. No row: it is a stranger there, or there is no such channel.
 */
export const LIST: Statement = {
  name: 'layer_messages.list',
  text: `
    SELECT channel.id AS "channelId", channel.is_open AS "isOpen", ${STANDING} AS standing,
           channel.message_count - coalesce(mine.hidden_count, 0) AS total,
           ($5::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", ${membersOf('channel.id')} AS members,
           (SELECT coalesce(json_agg(page.message ORDER BY page.position DESC), '[]')
            FROM (
              SELECT message.position, ${MESSAGE} AS message
              FROM messages message${WITH_SENDER}
              WHERE message.client_id = $1 AND message.channel_id = channel.id AND mine.customer_id IS NOT NULL
                AND message.position > coalesce(mine.cleared_position, 0)
                AND message.position <= coalesce(cursor.position - 1, channel.last_position) AND ${IS_SHOWN}
              ORDER BY message.position DESC LIMIT $4
            ) AS page) AS messages
    FROM channels channel${standingIn('channel.id')}
    LEFT JOIN messages cursor ON cursor.client_id = $1 AND cursor.id = $5 AND cursor.channel_id = channel.id
    WHERE channel.client_id = $1 AND channel.id = $3 AND channel.is_open = $6 AND ${IS_KNOWN}`,
};
