import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `id, kind, public, last_error AS "lastError", created_at AS "createdAt"`;

/** The one that carries the client's messages now. */
export const FIND_ACTIVE: Statement = {
  name: 'messaging_providers.find_active',
  text: `SELECT ${COLUMNS} FROM messaging_providers WHERE client_id = $1 AND active`,
};

/** No row: there is one already. */
export const CREATE: Statement = {
  name: 'messaging_providers.create',
  text: `
    INSERT INTO messaging_providers (client_id, id, kind) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
    RETURNING ${COLUMNS}`,
};
