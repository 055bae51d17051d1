import { unixSeconds } from '../platform/common/clock.js';
import { formatId } from '../platform/common/ids/type-id.js';
import type { ApiKeyDto, CreatedApiKeyDto } from './api-key.dto.js';
import type { ApiKeyRow } from './api-keys.repository.js';
import type { CreatedApiKey } from './api-keys.service.js';
import type { Client } from './client.entity.js';

/** Whether a key is a live one is its client's to say. */
export function presentApiKey({ livemode }: Client, key: ApiKeyRow): ApiKeyDto {
  return {
    object: 'api_key',
    id: formatId('api_key', key.id),
    client_id: formatId('client', key.clientId),
    name: key.name,
    scopes: key.scopes,
    last4: key.last4,
    expires_at: key.expiresAt && unixSeconds(key.expiresAt),
    revoked_at: key.revokedAt && unixSeconds(key.revokedAt),
    last_used_at: key.lastUsedAt && unixSeconds(key.lastUsedAt),
    created: unixSeconds(key.createdAt),
    livemode,
  };
}

export function presentCreatedApiKey(client: Client, { key, secretKey }: CreatedApiKey): CreatedApiKeyDto {
  return { ...presentApiKey(client, key), secret_key: secretKey };
}
