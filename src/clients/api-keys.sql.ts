import { listStatement } from '../platform/database/list.sql.js';

/** By when they were made, revoked ones too. There are few, so they are counted. */
export const LIST = listStatement('api_keys.list', 'desc', {
  total: '(SELECT count(*)::int FROM api_keys WHERE client_id = $1)',
  cursor: 'api_keys cursor ON cursor.client_id = $1 AND cursor.id = $3',
  page: ({ after, order }) => `
      SELECT client_id AS "clientId", id, name, last4, scopes, expires_at AS "expiresAt", revoked_at AS "revokedAt",
             last_used_at AS "lastUsedAt", created_at AS "createdAt"
      FROM api_keys
      WHERE client_id = $1 AND ${after('api_keys')}
      ORDER BY ${order('api_keys')} LIMIT $2`,
});
