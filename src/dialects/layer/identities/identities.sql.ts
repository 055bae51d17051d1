import { listPage } from '../../../platform/database/list.sql.js';
import type { Statement } from '../../../platform/database/statement.js';
import { RAISED, raise } from '../../../platform/outbox/raise.js';

const COLUMNS = `customer.id, customer.external_id AS "externalId", customer.name, customer.email, customer.profile,
             customer.metadata`;

/** The newest customers first. */
const pageOf = (known: string): string =>
  listPage('desc', {
    with: `known AS MATERIALIZED (
      SELECT customer.id, customer.created_at
      FROM (${known}) one JOIN customers customer ON customer.client_id = $1 AND customer.id = one.id
    )`,
    total: '(SELECT count(*)::int FROM known)',
    cursor: 'known cursor ON cursor.id = $3',
    page: ({ after, order }) => `
      SELECT ${COLUMNS}
      FROM known JOIN customers customer ON customer.client_id = $1 AND customer.id = known.id
      WHERE ${after('known')}
      ORDER BY ${order('known')} LIMIT $2`,
  });

const FOLLOWED = `
      SELECT follow.followed_id AS id FROM follows follow WHERE follow.client_id = $1 AND follow.follower_id = $4`;

/** What follows `changed`, rows of `follows`: who follows hears of it. */
const followed = (type: string): string =>
  raise(`
      SELECT '${type}' AS type, NULL::uuid AS channel_id, follower_id AS customer_id,
             jsonb_build_object('customerId', follower_id, 'followedId', followed_id) AS data
      FROM changed`);

/** Whom `$4` follows, and whoever shares a conversation with it; bounded by its conversations, however many customers there are. */
export const LIST_KNOWN: Statement = {
  name: 'identities.list_known',
  text: pageOf(`${FOLLOWED}
      UNION
      SELECT other.customer_id
      FROM channel_members mine
      JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id
        AND other.customer_id <> mine.customer_id
      WHERE mine.client_id = $1 AND mine.customer_id = $4`),
};

export const LIST_FOLLOWED: Statement = { name: 'identities.list_followed', text: pageOf(FOLLOWED) };

/** `$2` follows those of `$3` that are there. Whoever is being deleted is waited for. */
export const FOLLOW: Statement = {
  name: 'identities.follow',
  text: `
    WITH changed AS (
      INSERT INTO follows (client_id, follower_id, followed_id)
      SELECT $1, follower.id, followed.id
      FROM customers follower JOIN customers followed ON followed.client_id = $1 AND followed.id = ANY($3::uuid[])
      WHERE follower.client_id = $1 AND follower.id = $2
      ORDER BY followed.id
      FOR KEY SHARE
      ON CONFLICT DO NOTHING
      RETURNING follower_id, followed_id
    ), ${followed('follow.created')}
    SELECT ${RAISED}`,
};

export const UNFOLLOW: Statement = {
  name: 'identities.unfollow',
  text: `
    WITH changed AS (
      DELETE FROM follows WHERE client_id = $1 AND follower_id = $2 AND followed_id = $3
      RETURNING follower_id, followed_id
    ), ${followed('follow.deleted')}
    SELECT ${RAISED}`,
};

/** A row: `$2` is `$3`, follows it, or shares a conversation with it. */
export const FIND_KNOWN: Statement = {
  name: 'identities.find_known',
  text: `
    SELECT $3::uuid AS id
    WHERE $2 = $3 OR EXISTS (
      SELECT FROM follows WHERE client_id = $1 AND follower_id = $2 AND followed_id = $3
    ) OR EXISTS (
      SELECT FROM channel_members mine
      JOIN channel_members other ON other.client_id = $1 AND other.channel_id = mine.channel_id AND other.customer_id = $3
      WHERE mine.client_id = $1 AND mine.customer_id = $2)`,
};

/** A row: it does. */
export const FIND_FOLLOW: Statement = {
  name: 'identities.find_follow',
  text: `SELECT followed_id FROM follows WHERE client_id = $1 AND follower_id = $2 AND followed_id = $3`,
};
