import type { Challenged } from '../../../users/accounts/sign-in.js';
import type { SignedIn } from '../../../users/accounts/sign-up.js';
import type { Account } from '../../../users/accounts/users.service.js';
import type { WorkspaceOfUser } from '../../../workspaces/memberships.js';
import type { EngagementChallengeDto, EngagementLoginDto, EngagementUserDto } from './account.dto.js';

/** @param activeId the workspace that is meant where a request names none */
export function presentUser(
  { id, number, name, email, createdAt }: Account,
  workspaces: readonly WorkspaceOfUser[],
  activeId: string | null,
): EngagementUserDto {
  return {
    id: Number(number),
    uuid: id,
    name,
    email,
    workspaces: workspaces.map((one) => ({ id: one.number, name: one.name, role: one.role })),
    active_workspace_id: workspaces.find((one) => one.id === activeId)?.number ?? null,
    created_at: createdAt.toISOString(),
  };
}

export function presentLogin({ token, session }: SignedIn, user: EngagementUserDto): EngagementLoginDto {
  return { token, expires_at: session.expiresAt.toISOString(), user };
}

export function presentChallenge({ challenge }: Challenged): EngagementChallengeDto {
  return { challenge: challenge.token, expires_at: challenge.expiresAt.toISOString() };
}
