import { few, listPage } from '../../../platform/database/list.sql.js';
import type { Statement } from '../../../platform/database/statement.js';

/** A MembershipRow as JSON, of tables that go by `member` and `customer`. */
const MEMBERSHIP = `json_build_object('id', customer.id, 'externalId', customer.external_id, 'name', customer.name,
               'profile', customer.profile, 'isOwner', member.is_owner)`;

/** A LayerChannelRow, of tables that go by `channel`, `member` and `customer`. */
const COLUMNS = `channel.id, channel.name, channel.metadata, channel.created_at AS "createdAt",
           CASE WHEN member.customer_id IS NOT NULL THEN ${MEMBERSHIP} END AS membership`;

/** The membership of a customer in the table that goes by `channel`, where it is in it. */
const withMembershipOf = (customerId: string): string => `
    LEFT JOIN channel_members member
      ON member.client_id = $1 AND member.channel_id = channel.id AND member.customer_id = ${customerId}
    LEFT JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id`;

/** Each of the channels `$2` that is an open one, as the customer beside it in `$3` sees it. */
export const FIND_SEEN: Statement = {
  name: 'layer_channels.find_seen',
  text: `
    SELECT seen.customer_id AS "viewerId", ${COLUMNS}
    FROM unnest($2::uuid[], $3::uuid[]) AS seen (channel_id, customer_id)
    JOIN channels channel ON channel.client_id = $1 AND channel.id = seen.channel_id AND channel.is_open${withMembershipOf('seen.customer_id')}`,
};

/** All of the client, newest first, as customer `$4` sees them. */
export const LIST: Statement = {
  name: 'layer_channels.list',
  text: listPage('desc', {
    total: `coalesce((SELECT value FROM counters WHERE client_id = $1 AND name = 'open_channels'), 0)`,
    cursor: 'channels cursor ON cursor.client_id = $1 AND cursor.id = $3 AND cursor.is_open',
    page: ({ after, order }) =>
      few(`
      SELECT ${COLUMNS}
      FROM channels channel${withMembershipOf('$4')}
      WHERE channel.client_id = $1 AND channel.is_open AND ${after('channel')}
      ORDER BY ${order('channel')}`),
  }),
};

/**
 * Of the open channel `$2`, the oldest customer first: `$4` how many, `$5` the customer to start after, which may have left,
 * or null; and whether customer `$3` is one of them. No row: there is no such channel.
 */
export const LIST_MEMBERS: Statement = {
  name: 'layer_channels.list_members',
  text: `
    SELECT (SELECT count(*)::int FROM channel_members member
            WHERE member.client_id = $1 AND member.channel_id = channel.id) AS total,
           EXISTS (SELECT FROM channel_members member
                   WHERE member.client_id = $1 AND member.channel_id = channel.id AND member.customer_id = $3) AS "isMember",
           (SELECT coalesce(json_agg(page.membership ORDER BY page.id), '[]')
            FROM (
              SELECT customer.id, ${MEMBERSHIP} AS membership
              FROM channel_members member
              JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
              WHERE member.client_id = $1 AND member.channel_id = channel.id
                AND ($5::uuid IS NULL OR member.customer_id > $5)
              ORDER BY member.customer_id LIMIT $4
            ) AS page) AS members
    FROM channels channel
    WHERE channel.client_id = $1 AND channel.id = $2 AND channel.is_open`,
};
