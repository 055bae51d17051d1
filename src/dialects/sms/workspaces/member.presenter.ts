import { formatId } from '../../../platform/common/ids/type-id.js';
import type { MemberRow } from '../../../workspaces/members/workspace-members.service.js';
import type { WorkspaceMemberDto } from './member.dto.js';

export function presentMember({
  id,
  name,
  email,
  role,
  twoFactor,
  joinedAt,
  lastSeenAt,
}: MemberRow): WorkspaceMemberDto {
  return {
    ...{ userId: formatId('user', id), name, email, role, twoFactor },
    joinedAt: joinedAt.toISOString(),
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
  };
}
