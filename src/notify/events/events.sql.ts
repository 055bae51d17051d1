import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `event.id, event.type, event.data, event.created_at AS "createdAt"`;
const TOLD = (alias: string): string => `${alias}.is_public`;

/**
 * Newest first. `$2` how many, `$3` the id to start after or null. Here the total is counted: events live for seven days,
 * the index that the page is read from holds just these rows, and a counter would make all that a client does wait for one row.
 */
export const LIST: Statement = {
  name: 'events.list',
  text: `
    SELECT (SELECT count(*)::int FROM events event WHERE event.client_id = $1 AND ${TOLD('event')}) AS "totalCount",
           ($3::uuid IS NULL OR cursor.id IS NOT NULL) AS "cursorFound", page.*
    FROM (VALUES (1)) AS one
    LEFT JOIN events cursor ON cursor.client_id = $1 AND cursor.id = $3 AND ${TOLD('cursor')}
    LEFT JOIN LATERAL (
      SELECT ${COLUMNS} FROM events event
      WHERE event.client_id = $1 AND ${TOLD('event')} AND event.seq < coalesce(cursor.seq, 9223372036854775807)
      ORDER BY event.seq DESC LIMIT $2
    ) page ON true`,
};

export const FIND: Statement = {
  name: 'events.find',
  text: `SELECT ${COLUMNS} FROM events event WHERE event.client_id = $1 AND event.id = $2 AND ${TOLD('event')}`,
};
