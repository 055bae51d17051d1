import { few, listStatement } from '../../platform/database/list.sql.js';
import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `event.id, event.type, event.data, event.created_at AS "createdAt"`;
const TOLD = (alias: string): string => `${alias}.is_public`;

/**
 * By when they happened. Here the total is counted: events live for seven days, the index that the page is read from holds
 * just these rows, and a counter would make all that a client does wait for one row.
 */
export const LIST = listStatement('events.list', 'desc', {
  total: `(SELECT count(*)::int FROM events event WHERE event.client_id = $1 AND ${TOLD('event')})`,
  key: { seq: 'bigint' },
  cursor: `events cursor ON cursor.client_id = $1 AND cursor.id = $3 AND ${TOLD('cursor')}`,
  page: ({ after, order }) =>
    few(`
      SELECT ${COLUMNS} FROM events event
      WHERE event.client_id = $1 AND ${TOLD('event')} AND ${after('event')}
      ORDER BY ${order('event')}`),
});

export const FIND: Statement = {
  name: 'events.find',
  text: `SELECT ${COLUMNS} FROM events event WHERE event.client_id = $1 AND event.id = $2 AND ${TOLD('event')}`,
};
