import { formatId } from '../../../platform/common/ids/type-id.js';
import type { Accepted, SeenInvitation } from '../../../workspaces/invitations/acceptances.js';
import type { AcceptedDto, LookedInvitationDto } from './acceptance.dto.js';

export function presentLooked(seen: SeenInvitation): LookedInvitationDto {
  const { clientId, workspaceName: name, email, role, needsAccount } = seen;
  return { workspace: { id: formatId('client', clientId), name }, email, role, needsAccount };
}

export function presentAccepted({ workspace: { id, name, role }, token }: Accepted): AcceptedDto {
  return { workspace: { id: formatId('client', id), name, role }, ...(token === null ? {} : { token }) };
}
