-- ratings.find
  SELECT
rating.channel_id AS "channelId", rating.number::float8 AS number, rating.score, rating.comment,
rating.closed_at AS "closedAt", rating.rated_at AS "ratedAt" FROM ratings rating
  WHERE rating.client_id = $1 AND rating.channel_id = coalesce(
    (SELECT merged.into_id FROM merged_conversations merged WHERE merged.client_id = $1 AND merged.id = $2), $2) AND rating.number = $3::bigint;

-- ratings.find_newest
  SELECT
rating.channel_id AS "channelId", rating.number::float8 AS number, rating.score, rating.comment,
rating.closed_at AS "closedAt", rating.rated_at AS "ratedAt" FROM conversations conversation
  JOIN ratings rating ON rating.client_id = $1 AND rating.channel_id = conversation.channel_id
  WHERE conversation.client_id = $1 AND (conversation.number = $2::bigint OR conversation.channel_id = $3::uuid)
  ORDER BY rating.number DESC LIMIT 1;

-- ratings.rate
  UPDATE ratings rating SET score = $4, comment = $5, rated_at = coalesce(rated_at, now())
  WHERE rating.client_id = $1 AND rating.channel_id = coalesce(
    (SELECT merged.into_id FROM merged_conversations merged WHERE merged.client_id = $1 AND merged.id = $2), $2) AND rating.number = $3::bigint
  RETURNING
rating.channel_id AS "channelId", rating.number::float8 AS number, rating.score, rating.comment,
rating.closed_at AS "closedAt", rating.rated_at AS "ratedAt";
