import { listStatement } from '../platform/database/list.sql.js';
import type { Statement } from '../platform/database/statement.js';

const COLUMNS = `
  client.id, client.number::text, client.name, client.domain, client.allowed_subdomains AS "allowedSubdomains",
  client.allowed_ips AS "allowedIps", client.public_key AS "publicKey", client.livemode,
  client.realtime_secret AS "realtimeSecret", client.rate_limit AS "rateLimit",
  client.total_rate_limit AS "totalRateLimit", client.origin_policy AS "originPolicy",
  client.rates,
  client.storage_limit::float8 AS "storageLimit", (
    SELECT coalesce(sum(bytes), 0)::float8 FROM storage_uses used WHERE used.client_id = client.id
  ) AS "storageUsed", client.disabled_at AS "disabledAt", client.created_at AS "createdAt"`;

export const FIND: Statement = {
  name: 'clients.find',
  text: `SELECT ${COLUMNS} FROM clients client WHERE client.id = $1`,
};

export const FIND_RATES: Statement = {
  name: 'clients.find_rates',
  text: `SELECT rates FROM clients WHERE id = $1`,
};

/** All of them, by when they were made: `$1` is nobody. The operator has few, so they are counted. */
export const LIST = listStatement('clients.list', 'desc', {
  total: '(SELECT count(*)::int FROM clients)',
  of: '(SELECT $1::uuid) AS nobody',
  cursor: 'clients cursor ON cursor.id = $3',
  page: ({ after, order }) => `
      SELECT ${COLUMNS} FROM clients client WHERE ${after('client')} ORDER BY ${order('client')} LIMIT $2`,
});

const BY_KEYS = `
  client.id AS "clientId", client.livemode, client.domain, client.allowed_subdomains AS "allowedSubdomains",
  client.allowed_ips AS "allowedIps", client.rate_limit AS "rateLimit", client.total_rate_limit AS "totalRateLimit",
  client.origin_policy AS "originPolicy", client.public_key AS "publicKey", client.realtime_secret AS "realtimeSecret",
  key.id AS "keyId", key.scopes, key.expires_at AS "expiresAt", key.last_used_at AS "lastUsedAt"`;

/** Finds the tenant, so it has none yet: whose public key this is, and whether the secret key is one of theirs. */
export const FIND_BY_KEYS: Statement = {
  name: 'clients.find_by_keys',
  text: `
    SELECT ${BY_KEYS}
    FROM clients client
    LEFT JOIN api_keys key ON key.client_id = client.id AND key.secret_sha256 = $2 AND key.revoked_at IS NULL
    WHERE client.public_key = $1 AND client.disabled_at IS NULL`,
};

/** The same by the secret key alone. */
export const FIND_BY_SECRET: Statement = {
  name: 'clients.find_by_secret',
  text: `
    SELECT ${BY_KEYS}
    FROM api_keys key JOIN clients client ON client.id = key.client_id
    WHERE key.secret_sha256 = $1 AND key.revoked_at IS NULL AND client.disabled_at IS NULL`,
};

/** A client with its counters at nought, and its first secret key where `$9` is one: all or none. */
export const CREATE_CLIENT: Statement = {
  name: 'clients.create',
  text: `
    WITH client AS (
      INSERT INTO clients (id, name, domain, allowed_subdomains, allowed_ips, public_key, livemode, realtime_secret,
                           rate_limit, total_rate_limit, origin_policy, storage_limit)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $14, $15, $16, $17, $18)
      RETURNING id, number, created_at
    ), counted AS (
      INSERT INTO counters (client_id, name) SELECT client.id, unnest($8::text[]) FROM client
    ), key AS (
      INSERT INTO api_keys (client_id, id, name, secret_sha256, last4, scopes)
      SELECT client.id, $9, $10, $11, $12, $13 FROM client WHERE $9::uuid IS NOT NULL
    )
    SELECT number::text, created_at AS "createdAt" FROM client`,
};
