import type { Statement } from '../../platform/database/statement.js';
import { numberedPage } from '../numbered-page.sql.js';

const columns = (
  suppression: string,
): string => `${suppression}.id, ${suppression}.number::float8 AS number, ${suppression}.email, ${suppression}.reason,
    ${suppression}.source, ${suppression}.created_at AS "createdAt"`;

/** `$2` id, `$3` e-mail, `$4` reason, `$5` source. No row: it is suppressed already. */
export const CREATE: Statement = {
  name: 'suppressions.create',
  text: `
    INSERT INTO suppressions (client_id, id, address_hash, email, reason, source, number)
    SELECT $1, $2, suppression_hash($1, $3), $3, $4, $5, draw_numbers($1, 'suppressions', 1)
    ON CONFLICT (client_id, address_hash) DO NOTHING
    RETURNING ${columns('suppressions')}`,
};

export const FIND: Statement = {
  name: 'suppressions.find',
  text: `
    SELECT ${columns('suppression')} FROM suppressions suppression
    WHERE suppression.client_id = $1 AND (suppression.number = $2 OR suppression.id = $3)`,
};

export const FIND_OF_EMAIL: Statement = {
  name: 'suppressions.find_of_email',
  text: `
    SELECT ${columns('suppression')} FROM suppressions suppression
    WHERE suppression.client_id = $1 AND suppression.address_hash = suppression_hash($1, $2)`,
};

/** `$5` a reason, or null, `$6` an e-mail, or null. */
export const LIST = numberedPage('suppressions.list', {
  columns: columns('suppression'),
  from: 'suppressions suppression',
  alias: 'suppression',
  where: `suppression.client_id = $1 AND ($5::text IS NULL OR suppression.reason = $5)
      AND ($6::text IS NULL OR suppression.address_hash = suppression_hash($1, $6))`,
});

export const REMOVE: Statement = {
  name: 'suppressions.remove',
  text: `DELETE FROM suppressions WHERE client_id = $1 AND (number = $2 OR id = $3) RETURNING id`,
};

export const LIFT: Statement = {
  name: 'suppressions.lift',
  text: `DELETE FROM suppressions WHERE client_id = $1 AND address_hash = suppression_hash($1, $2)`,
};
