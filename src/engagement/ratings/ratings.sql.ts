import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `
  rating.channel_id AS "channelId", rating.number::float8 AS number, rating.score, rating.comment,
  rating.closed_at AS "closedAt", rating.rated_at AS "ratedAt"`;

/** The newest of conversation number `$2`, or of channel `$3`. */
export const FIND_NEWEST: Statement = {
  name: 'ratings.find_newest',
  text: `
    SELECT ${COLUMNS} FROM conversations conversation
    JOIN ratings rating ON rating.client_id = $1 AND rating.channel_id = conversation.channel_id
    WHERE conversation.client_id = $1 AND (conversation.number = $2::bigint OR conversation.channel_id = $3::uuid)
    ORDER BY rating.number DESC LIMIT 1`,
};

/** What was closed in a conversation that was merged was closed in the one that it is part of. */
const IN_CHANNEL = `rating.channel_id = coalesce(
      (SELECT merged.into_id FROM merged_conversations merged WHERE merged.client_id = $1 AND merged.id = $2), $2)`;

export const FIND: Statement = {
  name: 'ratings.find',
  text: `
    SELECT ${COLUMNS} FROM ratings rating
    WHERE rating.client_id = $1 AND ${IN_CHANNEL} AND rating.number = $3::bigint`,
};

/** No row: there is no such conversation any more. */
export const RATE: Statement = {
  name: 'ratings.rate',
  text: `
    UPDATE ratings rating SET score = $4, comment = $5, rated_at = coalesce(rated_at, now())
    WHERE rating.client_id = $1 AND ${IN_CHANNEL} AND rating.number = $3::bigint
    RETURNING ${COLUMNS}`,
};
