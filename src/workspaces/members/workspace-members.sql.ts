import { numberedList } from '../../platform/database/numbered-list.js';
import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `
    account.id, account.name, account.email, membership.role, membership.created_at AS "joinedAt",
    account.totp_confirmed_at IS NOT NULL AS "twoFactor", (
      SELECT max(session.last_seen_at) FROM user_sessions session WHERE session.user_id = account.id
    ) AS "lastSeenAt"`;
const MEMBERS = 'memberships membership JOIN users account ON account.id = membership.user_id';

/** The newest first. */
export const LIST_MEMBERS = numberedList('workspace_members.list', {
  columns: COLUMNS,
  from: `${MEMBERS} WHERE membership.client_id = $1`,
  order: 'membership.created_at DESC, account.id DESC',
});

export const GET_MEMBER: Statement = {
  name: 'workspace_members.get',
  text: `SELECT ${COLUMNS} FROM ${MEMBERS} WHERE membership.client_id = $1 AND membership.user_id = $2`,
};
