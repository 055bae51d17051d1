import { listStatement } from '../platform/database/list.sql.js';
import { numberedList } from '../platform/database/numbered-list.js';
import type { Statement } from '../platform/database/statement.js';

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

/** The same by page numbers. */
export const LIST_NUMBERED = numberedList('api_keys.list_numbered', {
  columns: `
    client_id AS "clientId", id, name, last4, scopes, expires_at AS "expiresAt", revoked_at AS "revokedAt",
    last_used_at AS "lastUsedAt", created_at AS "createdAt"`,
  from: 'api_keys WHERE client_id = $1',
  order: 'created_at DESC, id DESC',
});

export const CREATE_KEY: Statement = {
  name: 'api_keys.create',
  text: `
    INSERT INTO api_keys (client_id, id, name, secret_sha256, last4, scopes, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING created_at AS "createdAt"`,
};

/** How many work. */
export const COUNT_LIVE: Statement = {
  name: 'api_keys.count_live',
  text: `
    SELECT count(*)::int AS live FROM api_keys
    WHERE client_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
};
