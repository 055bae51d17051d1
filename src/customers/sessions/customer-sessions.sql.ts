import { purge } from '../../platform/database/purge.js';
import type { Statement } from '../../platform/database/statement.js';

/** `$5` seconds until it ends, `$6` who makes it. No row: there is no such customer, or none any more; being deleted, it is waited for. */
export const CREATE: Statement = {
  name: 'customer_sessions.create',
  text: `
    INSERT INTO customer_sessions (client_id, id, customer_id, token_sha256, expires_at, dialect)
    SELECT $1, $2, id, $4, now() + make_interval(secs => $5), $6 FROM customers WHERE client_id = $1 AND id = $3
    FOR KEY SHARE
    RETURNING id, customer_id AS "customerId", expires_at AS "expiresAt", created_at AS "createdAt"`,
};

/** One that was revoked before is found as well, and keeps its moment. */
export const REVOKE: Statement = {
  name: 'customer_sessions.revoke',
  text: `
    UPDATE customer_sessions SET revoked_at = coalesce(revoked_at, now())
    WHERE client_id = $1 AND customer_id = $2 AND id = $3
    RETURNING token_sha256 AS "tokenSha256"`,
};

/** No row: there is no such customer. */
export const REVOKE_ALL: Statement = {
  name: 'customer_sessions.revoke_all',
  text: `
    WITH revoked AS (
      UPDATE customer_sessions SET revoked_at = now()
      WHERE client_id = $1 AND customer_id = $2 AND revoked_at IS NULL
      RETURNING token_sha256
    )
    SELECT array(SELECT token_sha256 FROM revoked) AS "tokens" FROM customers WHERE client_id = $1 AND id = $2`,
};

/** Finds the tenant, so it has none yet: whose session this token is, and where that client's pages are. */
export const FIND_BY_TOKEN: Statement = {
  name: 'customer_sessions.find_by_token',
  text: `
    SELECT client.id AS "clientId", client.livemode, client.domain, client.allowed_subdomains AS "allowedSubdomains",
           client.rate_limit AS "rateLimit",
           client.total_rate_limit AS "totalRateLimit", client.public_key AS "publicKey", session.id AS "sessionId",
           session.customer_id AS "customerId", session.expires_at AS "expiresAt", session.dialect
    FROM customer_sessions session
    JOIN clients client ON client.id = session.client_id AND client.disabled_at IS NULL
    WHERE session.token_sha256 = $1 AND session.revoked_at IS NULL`,
};

export const PURGE_SESSIONS = purge(
  'customer_sessions',
  `SELECT ctid FROM customer_sessions WHERE expires_at < now() - interval '30 days' LIMIT $1`,
);
