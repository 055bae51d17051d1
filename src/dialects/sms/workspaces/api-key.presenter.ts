import type { ApiKeyRow } from '../../../clients/api-keys.service.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import type { WorkspaceKeyDto } from './api-key.dto.js';

export function presentWorkspaceKey(row: Omit<ApiKeyRow, 'clientId'>): WorkspaceKeyDto {
  const { id, name, scopes, last4, expiresAt, lastUsedAt, revokedAt, createdAt } = row;
  return {
    ...{ id: formatId('api_key', id), name, scopes, last4 },
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
