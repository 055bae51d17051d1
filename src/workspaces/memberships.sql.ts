import type { Statement } from '../platform/database/statement.js';

/** What user `$2` is in the workspace, unless that is disabled. */
export const FIND_MEMBER: Statement = {
  name: 'memberships.find',
  text: `
    SELECT membership.role, client.livemode, client.public_key AS "publicKey"
    FROM memberships membership JOIN clients client ON client.id = membership.client_id
    WHERE membership.client_id = $1 AND membership.user_id = $2 AND client.disabled_at IS NULL`,
};

/** Of users: all workspaces of user `$1`, for whoever shows an account. */
export const LIST_OF_USER: Statement = {
  name: 'memberships.list_of_user',
  text: `
    SELECT client.id, client.number::float8 AS number, client.name, membership.role, client.livemode
    FROM memberships membership JOIN clients client ON client.id = membership.client_id
    WHERE membership.user_id = $1 AND client.disabled_at IS NULL
    ORDER BY membership.created_at DESC, client.id DESC`,
};

/** Of users: the workspace that user `$1` chose, else its newest. */
export const FIND_ACTIVE: Statement = {
  name: 'memberships.find_active',
  text: `
    SELECT coalesce(account.active_client_id, (
      SELECT client.id
      FROM memberships membership JOIN clients client ON client.id = membership.client_id
      WHERE membership.user_id = $1 AND client.disabled_at IS NULL
      ORDER BY membership.created_at DESC, client.id DESC
      LIMIT 1
    )) AS "clientId"
    FROM users account WHERE account.id = $1`,
};

/** Of users: the workspace of user `$1` that has this number. */
export const FIND_BY_NUMBER: Statement = {
  name: 'memberships.find_by_number',
  text: `
    SELECT client.id AS "clientId"
    FROM clients client JOIN memberships membership ON membership.client_id = client.id
    WHERE membership.user_id = $1 AND client.number = $2`,
};

/** Of users: where the pages of the workspaces of user `$1` are. */
export const LIST_SITES: Statement = {
  name: 'memberships.list_sites',
  text: `
    SELECT client.id AS "clientId", client.domain, client.allowed_subdomains AS "allowedSubdomains"
    FROM memberships membership JOIN clients client ON client.id = membership.client_id
    WHERE membership.user_id = $1 AND client.disabled_at IS NULL`,
};

/** A new member; no row: one already. */
export const ADD_MEMBER: Statement = {
  name: 'memberships.add',
  text: `
    INSERT INTO memberships (client_id, user_id, role) VALUES ($1, $2, $3)
    ON CONFLICT (client_id, user_id) DO NOTHING RETURNING user_id AS "userId"`,
};

/** The owners, and the users in `$2`, in the order of their ids: whoever changes what one of them is waits for the others. */
export const LOCK_MEMBERS: Statement = {
  name: 'memberships.lock',
  text: `
    SELECT user_id AS "userId", role FROM memberships
    WHERE client_id = $1 AND (role = 'owner' OR user_id = ANY ($2::uuid[]))
    ORDER BY user_id FOR UPDATE`,
};

export const SET_ROLE: Statement = {
  name: 'memberships.set_role',
  text: `UPDATE memberships SET role = $3 WHERE client_id = $1 AND user_id = $2`,
};

export const REMOVE_MEMBER: Statement = {
  name: 'memberships.remove',
  text: `DELETE FROM memberships WHERE client_id = $1 AND user_id = $2`,
};
