import type { Statement } from '../../platform/database/statement.js';
import { LISTENED } from '../../platform/outbox/raise.js';

/** Those with numbers `$2` or ids `$3`. */
export const FIND_IDS: Statement = {
  name: 'inbox.find_ids',
  text: `
    SELECT one.number::float8 AS number, one.channel_id AS id FROM conversations one
    WHERE one.client_id = $1 AND (one.number = ANY($2::bigint[]) OR one.channel_id = ANY($3::uuid[]))`,
};

/** Conversations `$2`, and then what counts them: whoever changes several holds all of them first, in the order of all locks. */
export const HOLD: Statement = {
  name: 'inbox.hold_many',
  text: `
    WITH held AS MATERIALIZED (
      SELECT one.channel_id FROM conversations one
      WHERE one.client_id = $1 AND one.channel_id = ANY($2::uuid[])
      ORDER BY one.channel_id FOR NO KEY UPDATE
    )
    SELECT hold_conversation_counters($1) FROM (SELECT count(*) FROM held) held`,
};

/** Each of conversations `$2` as `$4` says, by user `$3`: see change-conversation.ts. */
export const CHANGE_MANY: Statement = {
  name: 'inbox.change_many',
  text: `
    SELECT count(*) FILTER (WHERE changed.outcome = 'changed')::int AS changed,
           coalesce(bool_and(changed.outcome <> 'not_assignable'), true) AS "isAssignable",
           count(*) FILTER (WHERE changed.outcome = 'changed') > 0 AND ${LISTENED} AS raised
    FROM conversations one CROSS JOIN LATERAL change_conversation($1, one.channel_id, $3, $4) changed
    WHERE one.client_id = $1 AND one.channel_id = ANY($2::uuid[])`,
};
