import { formatId } from '../../../platform/common/ids/type-id.js';
import type { Challenged } from '../../../users/accounts/sign-in.js';
import type { SignedIn } from '../../../users/accounts/sign-up.js';
import type { Account } from '../../../users/accounts/users.service.js';
import type { ChallengedDto } from './two-factor.dto.js';
import type { LoginDto, UserDto } from './user.dto.js';

export function presentUser(user: Account): UserDto {
  return {
    id: formatId('user', user.id),
    email: user.email,
    name: user.name,
    emailVerified: user.emailVerifiedAt !== null,
    twoFactor: user.totpConfirmedAt !== null,
    activeWorkspaceId: user.activeClientId === null ? null : formatId('client', user.activeClientId),
    createdAt: user.createdAt.toISOString(),
  };
}

export function presentLogin({ token, session, user }: SignedIn): LoginDto {
  return { token, expiresAt: session.expiresAt.toISOString(), user: presentUser(user) };
}

/** The end of a login, or what it still needs. */
export function presentLoginOrChallenge(end: SignedIn | Challenged): LoginDto | ChallengedDto {
  if (!('challenge' in end)) {
    return presentLogin(end);
  }
  const { token, expiresAt } = end.challenge;
  return { twoFactor: { challenge: token, expiresAt: expiresAt.toISOString() } };
}
