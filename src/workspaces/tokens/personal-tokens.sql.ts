import { numberedList } from '../../platform/database/numbered-list.js';
import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `
  id, user_id AS "userId", name, scopes, last4, expires_at AS "expiresAt", last_used_at AS "lastUsedAt",
  revoked_at AS "revokedAt", created_at AS "createdAt"`;

/** How many of user `$2` work. */
export const COUNT_LIVE_TOKENS: Statement = {
  name: 'personal_tokens.count_live',
  text: `
    SELECT count(*)::int AS live FROM personal_tokens
    WHERE client_id = $1 AND user_id = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
};

export const CREATE_TOKEN: Statement = {
  name: 'personal_tokens.create',
  text: `
    INSERT INTO personal_tokens (client_id, id, user_id, name, scopes, token_sha256, last4, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    RETURNING ${COLUMNS}`,
};

/** The newest first; of user `$4`, or of all where that is null. */
export const LIST_TOKENS = numberedList('personal_tokens.list', {
  columns: COLUMNS,
  from: 'personal_tokens WHERE client_id = $1 AND ($4::uuid IS NULL OR user_id = $4)',
  order: 'created_at DESC, id DESC',
});

/** Again, nothing changes. No row: there is no such token of this user, or of anybody where `$3` is null. */
export const REVOKE_TOKEN: Statement = {
  name: 'personal_tokens.revoke',
  text: `
    UPDATE personal_tokens SET revoked_at = coalesce(revoked_at, now())
    WHERE client_id = $1 AND id = $2 AND ($3::uuid IS NULL OR user_id = $3) RETURNING id`,
};

/** Whose token this is, and in which workspace: it finds the tenant. No row: revoked, or the user or the workspace is disabled. */
export const FIND_TOKEN: Statement = {
  name: 'personal_tokens.find_by_token',
  text: `
    SELECT token.id, token.user_id AS "userId", token.scopes, token.expires_at AS "expiresAt",
           token.last_used_at AS "lastUsedAt", client.id AS "clientId", client.livemode, client.domain,
           client.allowed_subdomains AS "allowedSubdomains", client.allowed_ips AS "allowedIps",
           client.public_key AS "publicKey", client.rate_limit AS "rateLimit",
           client.total_rate_limit AS "totalRateLimit"
    FROM personal_tokens token
    JOIN clients client ON client.id = token.client_id AND client.disabled_at IS NULL
    JOIN users account ON account.id = token.user_id AND account.disabled_at IS NULL
    WHERE token.token_sha256 = $1 AND token.revoked_at IS NULL`,
};

export const MARK_TOKEN_USED: Statement = {
  name: 'personal_tokens.mark_used',
  text: `UPDATE personal_tokens SET last_used_at = $3 WHERE client_id = $1 AND id = $2`,
};
