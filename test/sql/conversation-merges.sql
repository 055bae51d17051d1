-- conversation_merges.find_merged
SELECT conversation.channel_id AS id, conversation.number::float8 AS number FROM merged_conversations merged
JOIN conversations conversation ON conversation.client_id = $1 AND conversation.channel_id = merged.into_id
WHERE merged.client_id = $1 AND (merged.number = $2::bigint OR merged.id = $3::uuid);

-- conversation_merges.hold
SELECT hold_conversations($1, one.channel_id, $3, $4) AS outcome FROM conversations one
WHERE one.client_id = $1 AND one.channel_id = $2;

-- conversation_merges.merge
SELECT merge_conversation($1, one.channel_id, $3, $4) AS raised FROM conversations one
WHERE one.client_id = $1 AND one.channel_id = $2;
