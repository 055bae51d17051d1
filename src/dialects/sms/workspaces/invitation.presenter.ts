import { formatId } from '../../../platform/common/ids/type-id.js';
import type { InvitationRow } from '../../../workspaces/invitations/invitations.service.js';
import type { InvitationDto } from './invitation.dto.js';

export function presentInvitation(row: InvitationRow): InvitationDto {
  const { id, email, role, invitedBy, expiresAt, createdAt } = row;
  return {
    ...{ id: formatId('invitation', id), email, role },
    invitedBy: invitedBy === null ? null : formatId('user', invitedBy),
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}
