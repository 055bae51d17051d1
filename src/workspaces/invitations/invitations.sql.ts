import type { Statement } from '../../platform/database/statement.js';
import { numberedList } from '../../platform/database/numbered-list.js';

const IS_OPEN = 'accepted_at IS NULL AND revoked_at IS NULL';
const VALID_FOR = `interval '7 days'`;
const COLUMNS = `
  id, email, role, invited_by AS "invitedBy", expires_at AS "expiresAt", created_at AS "createdAt"`;

/** What stands in the way of asking `$2`: a membership; and how many are asked already. */
export const FIND_OBSTACLES: Statement = {
  name: 'invitations.find_obstacles',
  text: `
    SELECT EXISTS (
      SELECT FROM memberships membership JOIN users account ON account.id = membership.user_id
      WHERE membership.client_id = $1 AND account.email = $2
    ) AS "isMember", (
      SELECT count(*)::int FROM invitations open WHERE open.client_id = $1 AND ${IS_OPEN}
    ) AS "open"`,
};

/** One that nobody took in time makes room for the next. */
export const REVOKE_EXPIRED: Statement = {
  name: 'invitations.revoke_expired',
  text: `
    UPDATE invitations SET revoked_at = now()
    WHERE client_id = $1 AND email = $2 AND ${IS_OPEN} AND expires_at <= now()`,
};

/** No row: this e-mail is asked already. */
export const CREATE_INVITATION: Statement = {
  name: 'invitations.create',
  text: `
    INSERT INTO invitations (client_id, id, email, role, token_sha256, invited_by, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, now() + ${VALID_FOR})
    ON CONFLICT (client_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL DO NOTHING
    RETURNING ${COLUMNS}`,
};

/** Those that were neither accepted nor revoked, the newest first. */
export const LIST_INVITATIONS = numberedList('invitations.list', {
  columns: COLUMNS,
  from: `invitations WHERE client_id = $1 AND ${IS_OPEN}`,
  order: 'created_at DESC, id DESC',
});

/** Another seven days. */
export const RENEW: Statement = {
  name: 'invitations.renew',
  text: `
    UPDATE invitations SET expires_at = now() + ${VALID_FOR}
    WHERE client_id = $1 AND id = $2 AND ${IS_OPEN}
    RETURNING ${COLUMNS}`,
};

/** The token before is good no longer. No row: there is nothing to be mailed any more. */
export const SET_TOKEN: Statement = {
  name: 'invitations.set_token',
  text: `
    UPDATE invitations SET token_sha256 = $3
    FROM clients client
    WHERE client_id = $1 AND client.id = $1 AND invitations.id = $2 AND ${IS_OPEN} AND expires_at > now()
      AND client.disabled_at IS NULL
    RETURNING invitations.role, client.name AS "workspaceName"`,
};

export const REVOKE_INVITATION: Statement = {
  name: 'invitations.revoke',
  text: `UPDATE invitations SET revoked_at = now() WHERE client_id = $1 AND id = $2 AND ${IS_OPEN} RETURNING id`,
};

/** Finds the tenant, so it has none yet: whose token this is. */
export const FIND_BY_TOKEN: Statement = {
  name: 'invitations.find_by_token',
  text: `
    SELECT invitation.client_id AS "clientId", invitation.id, invitation.email, invitation.role,
           client.name AS "workspaceName"
    FROM invitations invitation JOIN clients client ON client.id = invitation.client_id
    WHERE invitation.token_sha256 = $1 AND ${IS_OPEN} AND expires_at > now() AND client.disabled_at IS NULL`,
};

/** Once. No row: somebody was faster, or it was revoked, or sent anew. */
export const TAKE_INVITATION: Statement = {
  name: 'invitations.take',
  text: `
    UPDATE invitations SET accepted_at = now()
    WHERE client_id = $1 AND id = $2 AND token_sha256 = $3 AND ${IS_OPEN} AND expires_at > now()
    RETURNING role`,
};
