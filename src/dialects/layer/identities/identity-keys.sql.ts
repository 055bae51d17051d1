import { listStatement } from '../../../platform/database/list.sql.js';
import type { Statement } from '../../../platform/database/statement.js';

const COLUMNS = `id, algorithm, public_key AS "publicKey", created_at AS "createdAt"`;

/**
 * One that is there already stays as it is: its id is what its tokens name, and not to be another key's. No row: this is
 * so, or it would be one more than `$5`. Whoever asks holds the client's lock, so that nobody else adds one meanwhile.
 */
export const CREATE: Statement = {
  name: 'identity_keys.create',
  text: `
    WITH listener AS (
      INSERT INTO listeners (client_id, id)
      SELECT $1, $2 WHERE (SELECT count(*) FROM identity_keys WHERE client_id = $1) < $5
      ON CONFLICT (client_id, id) DO NOTHING
      RETURNING id
    )
    INSERT INTO identity_keys (client_id, id, algorithm, public_key)
    SELECT $1, listener.id, $3, $4 FROM listener
    RETURNING ${COLUMNS}`,
};

export const FIND: Statement = {
  name: 'identity_keys.find',
  text: `SELECT ${COLUMNS} FROM identity_keys WHERE client_id = $1 AND id = $2`,
};

/** By when they were made. There are few, so they are counted. */
export const LIST = listStatement('identity_keys.list', 'desc', {
  total: '(SELECT count(*)::int FROM identity_keys WHERE client_id = $1)',
  cursor: 'identity_keys cursor ON cursor.client_id = $1 AND cursor.id = $3',
  page: ({ after, order }) => `
      SELECT ${COLUMNS} FROM identity_keys
      WHERE client_id = $1 AND ${after('identity_keys')}
      ORDER BY ${order('identity_keys')} LIMIT $2`,
});

export const REMOVE: Statement = {
  name: 'identity_keys.remove',
  text: `
    DELETE FROM listeners listener USING identity_keys key
    WHERE listener.client_id = $1 AND listener.id = $2 AND key.client_id = $1 AND key.id = listener.id
    RETURNING listener.id`,
};
