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

/** E-mails `$3`, by the ids `$2` of their rows: reason `$4`, source `$5`. Those that are suppressed stay as they are. */
export const CREATE_MANY: Statement = {
  name: 'suppressions.create_many',
  text: `
    WITH one AS MATERIALIZED (
      SELECT id, email, suppression_hash($1, email) AS hash FROM unnest($2::uuid[], $3::text[]) AS one (id, email)
    ), fresh AS MATERIALIZED (
      SELECT one.*, row_number() OVER (ORDER BY one.hash) AS at FROM one
      WHERE NOT EXISTS (
        SELECT FROM suppressions known WHERE known.client_id = $1 AND known.address_hash = one.hash)
    ), drawn AS MATERIALIZED (
      SELECT draw_numbers($1, 'suppressions', many) - many AS before
      FROM (SELECT count(*) AS many FROM fresh) counted WHERE many > 0
    )
    INSERT INTO suppressions (client_id, id, address_hash, email, reason, source, number)
    SELECT $1, fresh.id, fresh.hash, fresh.email, $4, $5, drawn.before + fresh.at FROM fresh, drawn ORDER BY fresh.at
    ON CONFLICT (client_id, address_hash) DO NOTHING`,
};

/** E-mails `$2` may be written to again. */
export const LIFT_MANY: Statement = {
  name: 'suppressions.lift_many',
  text: `
    DELETE FROM suppressions
    WHERE client_id = $1 AND address_hash IN (
      SELECT suppression_hash($1, one.email) FROM unnest($2::text[]) AS one (email))`,
};

export const LIFT: Statement = {
  name: 'suppressions.lift',
  text: `DELETE FROM suppressions WHERE client_id = $1 AND address_hash = suppression_hash($1, $2)`,
};
