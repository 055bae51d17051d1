import type { Statement } from '../../platform/database/statement.js';

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

/** Not of one client: what is not sealed with the key whose id is `$1`, from after client `$2` and provider `$3` on. */
export const FIND_SEALED_BEFORE: Statement = {
  name: 'push_credentials.find_sealed_before',
  text: `
    SELECT client_id AS "clientId", provider, secret FROM push_credentials
    WHERE substring(secret FROM 1 FOR 4) <> $1 AND (client_id, provider) > ($2::uuid, $3)
    ORDER BY client_id, provider LIMIT $4`,
};

/** Unless it was changed in the meantime. */
export const SEAL_ANEW: Statement = {
  name: 'push_credentials.seal_anew',
  text: `UPDATE push_credentials SET secret = $4 WHERE client_id = $1 AND provider = $2 AND secret = $3`,
};
