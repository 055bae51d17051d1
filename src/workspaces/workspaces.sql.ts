import type { Statement } from '../platform/database/statement.js';
import { numberedList } from '../platform/database/numbered-list.js';

const COLUMNS = `
  client.id, client.name, client.livemode, client.public_key AS "publicKey", client.domain,
  client.allowed_subdomains AS "allowedSubdomains", client.allowed_ips AS "allowedIps",
  client.created_at AS "createdAt", membership.role,
  coalesce(settings.default_country, 'US') AS "defaultCountry", coalesce(settings.timezone, 'UTC') AS timezone,
  coalesce(settings.smart_encoding, true) AS "smartEncoding", coalesce(settings.opt_out, '{}'::jsonb) AS "optOut",
  coalesce(settings.asks_for_ratings, false) AS "asksForRatings"`;

const MEMBERSHIPS = `
  memberships membership
  JOIN clients client ON client.id = membership.client_id AND client.disabled_at IS NULL
  LEFT JOIN workspace_settings settings ON settings.client_id = membership.client_id`;

/** As user `$2` sees it. */
export const FIND_WORKSPACE: Statement = {
  name: 'workspaces.find',
  text: `
    SELECT ${COLUMNS}
    FROM memberships membership
    JOIN clients client ON client.id = membership.client_id AND client.disabled_at IS NULL
    LEFT JOIN workspace_settings settings ON settings.client_id = $1
    WHERE membership.client_id = $1 AND membership.user_id = $2`,
};

/** What it is, and how much of everything it has, whoever asks. Of a counter that was never moved there is no row. */
export const SUMMARISE_WORKSPACE: Statement = {
  name: 'workspaces.summarise',
  text: `
    SELECT client.id, client.number::float8 AS number, client.name, client.created_at AS "createdAt",
           coalesce(settings.default_country, 'US') AS "defaultCountry", coalesce(settings.timezone, 'UTC') AS timezone,
           coalesce(settings.smart_encoding, true) AS "smartEncoding",
           coalesce(settings.asks_for_ratings, false) AS "asksForRatings", counted.contacts, counted.conversations, (
             SELECT count(*)::int FROM memberships membership WHERE membership.client_id = $1
           ) AS members
    FROM clients client
    LEFT JOIN workspace_settings settings ON settings.client_id = $1
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(value) FILTER (WHERE name LIKE 'contacts.%'), 0)::int AS contacts,
             coalesce(sum(value) FILTER (WHERE name LIKE 'conversations.%'), 0)::int AS conversations
      FROM counters WHERE client_id = $1
    ) counted
    WHERE client.id = $1`,
};

/** Of users: those of user `$1`. */
export const LIST_WORKSPACES = numberedList('workspaces.list_of_user', {
  columns: COLUMNS,
  from: `${MEMBERSHIPS} WHERE membership.user_id = $1`,
  order: 'client.created_at DESC, client.id DESC',
});

/** Of users: until the commit nobody else counts what user `$1` owns, to add to it. No row: there is no such user. */
export const LOCK_OWNER: Statement = {
  name: 'workspaces.lock_owner',
  text: `SELECT id FROM users WHERE id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE`,
};

/** Of users: how many workspaces user `$1` owns. */
export const COUNT_OWNED: Statement = {
  name: 'workspaces.count_owned',
  text: `
    SELECT count(*)::int AS owned
    FROM memberships membership JOIN clients client ON client.id = membership.client_id
    WHERE membership.user_id = $1 AND membership.role = 'owner' AND client.disabled_at IS NULL`,
};
