-- inbox.change_many
SELECT count(*) FILTER (WHERE changed.outcome = 'changed')::int AS changed,
       coalesce(bool_and(changed.outcome <> 'not_assignable'), true) AS "isAssignable",
       count(*) FILTER (WHERE changed.outcome = 'changed') > 0 AND EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised
FROM conversations one CROSS JOIN LATERAL change_conversation($1, one.channel_id, $3, $4) changed
WHERE one.client_id = $1 AND one.channel_id = ANY($2::uuid[]);

-- inbox.find_ids
SELECT one.number::float8 AS number, one.channel_id AS id FROM conversations one
WHERE one.client_id = $1 AND (one.number = ANY($2::bigint[]) OR one.channel_id = ANY($3::uuid[]));

-- inbox.hold_many
WITH held AS MATERIALIZED (
  SELECT one.channel_id FROM conversations one
  WHERE one.client_id = $1 AND one.channel_id = ANY($2::uuid[])
  ORDER BY one.channel_id FOR NO KEY UPDATE
)
SELECT hold_conversation_counters($1) FROM (SELECT count(*) FROM held) held;
