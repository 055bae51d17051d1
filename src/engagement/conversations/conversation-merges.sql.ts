import type { Statement } from '../../platform/database/statement.js';

/** See merge-functions.ts: conversations `$2`, which stays, and `$3`, of which no more than `$4` items are moved. No row: gone. */
export const HOLD: Statement = {
  name: 'conversation_merges.hold',
  text: `
    SELECT hold_conversations($1, one.channel_id, $3, $4) AS outcome FROM conversations one
    WHERE one.client_id = $1 AND one.channel_id = $2`,
};

/** By user `$4`, or where that is null by a program. */
export const MERGE: Statement = {
  name: 'conversation_merges.merge',
  text: `
    SELECT merge_conversation($1, one.channel_id, $3, $4) AS raised FROM conversations one
    WHERE one.client_id = $1 AND one.channel_id = $2`,
};

/** The conversation that the one of number `$2` or id `$3` was merged into. */
export const FIND_MERGED: Statement = {
  name: 'conversation_merges.find_merged',
  text: `
    SELECT conversation.channel_id AS id, conversation.number::float8 AS number FROM merged_conversations merged
    JOIN conversations conversation ON conversation.client_id = $1 AND conversation.channel_id = merged.into_id
    WHERE merged.client_id = $1 AND (merged.number = $2::bigint OR merged.id = $3::uuid)`,
};
