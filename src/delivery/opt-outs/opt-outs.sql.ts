import { RAISED, raise } from '../../platform/outbox/raise.js';
import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `opt_outs.id, opt_outs.scope_id AS "scopeId", opt_outs.number, opt_outs.source, opt_outs.keyword,
      opt_outs.created_at AS "createdAt", opt_outs.ended_at AS "endedAt"`;
const event = (type: string, from: string): string =>
  raise(`
      SELECT '${type}' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', id, 'number', number, 'addressId', nullif("scopeId", $1), 'source', source,
               'keyword', keyword, 'createdAt', "createdAt", 'endedAt', "endedAt") AS data
      FROM ${from}`);

/**
 * `$2` id, `$3` what it is for, or the messaging service of that; `$4` the number and `$5` the person, `$6` source, `$7` keyword,
 * `$8` when (null: now). No row: there is one already.
 */
export const CREATE: Statement = {
  name: 'opt_outs.create',
  text: `
    WITH made AS (
      INSERT INTO opt_outs (client_id, id, scope_id, number_sha256, number, person_id, source, keyword, created_at)
      SELECT $1, $2, coalesce((SELECT service_id FROM addresses WHERE client_id = $1 AND customer_id = $3), $3),
             opt_out_hash($1, $4), $4, $5, $6, $7, coalesce($8, now())
      ON CONFLICT (client_id, scope_id, number_sha256) WHERE ended_at IS NULL DO NOTHING
      RETURNING ${COLUMNS}
    ), ${event('opt_out.created', 'made')}
    SELECT made.*, ${RAISED} FROM made`,
};

/** Of number `$3`, those that concern address `$2`; where that is null, all. Where `$4` is given, those that there were then. */
export const END_OF_NUMBER: Statement = {
  name: 'opt_outs.end_of_number',
  text: `
    WITH ended AS (
      UPDATE opt_outs SET ended_at = now()
      WHERE opt_outs.client_id = $1 AND ($2::uuid IS NULL OR opt_outs.scope_id = ANY(opt_out_scopes($1, $2)))
        AND opt_outs.number_sha256 = opt_out_hash($1, $3)
        AND opt_outs.ended_at IS NULL AND opt_outs.created_at <= coalesce($4::timestamptz, 'infinity')
      RETURNING ${COLUMNS}
    ), ${event('opt_out.ended', 'ended')}
    SELECT ended.*, ${RAISED} FROM ended`,
};

/** That has not ended. */
export const FIND: Statement = {
  name: 'opt_outs.find',
  text: `
    SELECT ${COLUMNS} FROM opt_outs
    WHERE opt_outs.client_id = $1 AND opt_outs.id = $2 AND opt_outs.ended_at IS NULL`,
};

/** No row: there is no such one, it has ended, or the provider itself keeps it. */
export const END: Statement = {
  name: 'opt_outs.end',
  text: `
    WITH ended AS (
      UPDATE opt_outs SET ended_at = now()
      WHERE opt_outs.client_id = $1 AND opt_outs.id = $2 AND opt_outs.ended_at IS NULL AND opt_outs.source <> 'provider'
      RETURNING ${COLUMNS}
    ), ${event('opt_out.ended', 'ended')}
    SELECT ended.*, ${RAISED} FROM ended`,
};

export const FIND_MANY: Statement = {
  name: 'opt_outs.find_many',
  text: `SELECT ${COLUMNS} FROM opt_outs WHERE opt_outs.client_id = $1 AND opt_outs.id = ANY($2::uuid[])`,
};

/** Whether number `$3` must not be written to by address `$2`. */
export const FIND_OF_NUMBER: Statement = {
  name: 'opt_outs.find_of_number',
  text: `
    SELECT ${COLUMNS} FROM opt_outs
    WHERE opt_outs.client_id = $1 AND opt_outs.scope_id = ANY(opt_out_scopes($1, $2))
      AND opt_outs.number_sha256 = opt_out_hash($1, $3) AND opt_outs.ended_at IS NULL
    LIMIT 1`,
};

/** Those that have not ended, newest first: `$2` of them after the first `$3`. Each row says how many there are. */
export const LIST: Statement = {
  name: 'opt_outs.list',
  text: `
    SELECT total.count AS total, page.*
    FROM (SELECT count(*)::int AS count FROM opt_outs WHERE opt_outs.client_id = $1 AND opt_outs.ended_at IS NULL) total
    LEFT JOIN LATERAL (
      SELECT ${COLUMNS} FROM opt_outs
      WHERE opt_outs.client_id = $1 AND opt_outs.ended_at IS NULL
      ORDER BY opt_outs.created_at DESC, opt_outs.id DESC LIMIT $2 OFFSET $3
    ) page ON true`,
};
