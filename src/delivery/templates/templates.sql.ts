import { numberedList } from '../../platform/database/numbered-list.js';
import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `text_templates.id, text_templates.name, text_templates.body, text_templates.created_at AS "createdAt",
      text_templates.updated_at AS "updatedAt"`;
const ONE = 'text_templates.client_id = $1 AND text_templates.id = $2';

export const COUNT: Statement = {
  name: 'text_templates.count',
  text: `SELECT count(*)::int AS total FROM text_templates WHERE client_id = $1`,
};

/** Template `$2`, called `$3` and saying `$4`. */
export const CREATE: Statement = {
  name: 'text_templates.create',
  text: `
    INSERT INTO text_templates (client_id, id, name, body) VALUES ($1, $2, $3, $4)
    RETURNING ${COLUMNS}`,
};

export const FIND: Statement = {
  name: 'text_templates.find',
  text: `SELECT ${COLUMNS} FROM text_templates WHERE ${ONE}`,
};

/** What template `$2` says, and whom it is for: the name of the customer with number `$3`, or null. */
export const FIND_FOR: Statement = {
  name: 'text_templates.find_for',
  text: `
    SELECT text_templates.body, person.name AS "personName"
    FROM text_templates LEFT JOIN customers person ON person.client_id = $1 AND person.phone = $3
    WHERE ${ONE}`,
};

/** The newest first. */
export const LIST = numberedList('text_templates.list', {
  columns: COLUMNS,
  from: 'text_templates WHERE text_templates.client_id = $1',
  order: 'text_templates.created_at DESC, text_templates.id DESC',
});

/** To name `$3` and text `$4`, where these are not null. No row: there is none. */
export const UPDATE: Statement = {
  name: 'text_templates.update',
  text: `
    UPDATE text_templates SET name = coalesce($3, name), body = coalesce($4, body), updated_at = now()
    WHERE ${ONE} RETURNING ${COLUMNS}`,
};

/** No row: there is none. */
export const DELETE: Statement = {
  name: 'text_templates.delete',
  text: `DELETE FROM text_templates WHERE ${ONE} RETURNING ${COLUMNS}`,
};
