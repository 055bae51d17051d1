import { formatId } from '../../../platform/common/ids/type-id.js';
import type { PersonalTokenRow } from '../../../workspaces/tokens/personal-tokens.service.js';
import type { PersonalTokenDto } from './personal-token.dto.js';

export function presentPersonalToken(row: PersonalTokenRow): PersonalTokenDto {
  const { id, userId, name, scopes, last4, expiresAt, lastUsedAt, revokedAt, createdAt } = row;
  return {
    ...{ id: formatId('personal_token', id), userId: formatId('user', userId), name, scopes, last4 },
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
