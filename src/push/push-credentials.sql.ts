import type { Statement } from '../database/statement.js';

const COLUMNS = `provider, updated_at AS "updatedAt"`;

export const KEEP: Statement = {
  name: 'push_credentials.keep',
  text: `
    INSERT INTO push_credentials (client_id, provider, secret) VALUES ($1, $2, $3)
    ON CONFLICT (client_id, provider) DO UPDATE SET secret = excluded.secret, updated_at = now()
    RETURNING ${COLUMNS}`,
};

export const FIND: Statement = {
  name: 'push_credentials.find',
  text: `SELECT ${COLUMNS} FROM push_credentials WHERE client_id = $1 AND provider = $2`,
};

export const REMOVE: Statement = {
  name: 'push_credentials.remove',
  text: `DELETE FROM push_credentials WHERE client_id = $1 AND provider = $2 RETURNING provider`,
};
