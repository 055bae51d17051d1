import { unixSeconds } from '../platform/common/clock.js';
import { formatId } from '../platform/common/ids/type-id.js';
import { presentNetwork } from '../platform/common/tenancy/ip-rules.js';
import type { AdminClientDto, ClientDto, CreatedClientDto } from './client.dto.js';
import type { Client } from './client.entity.js';
import type { CreatedClient } from './clients.service.js';

export function presentClient(client: Client): ClientDto {
  return {
    object: 'client',
    id: formatId('client', client.id),
    name: client.name,
    domain: client.domain,
    public_key: client.publicKey,
    allowed_ips: client.allowedIps.map(presentNetwork),
    allowed_subdomains: client.allowedSubdomains,
    created: unixSeconds(client.createdAt),
    livemode: client.livemode,
  };
}

export function presentAdminClient(client: Client): AdminClientDto {
  return {
    ...presentClient(client),
    origin_policy: client.originPolicy,
    disabled: client.disabledAt !== null,
    rate_limit: client.rateLimit,
    total_rate_limit: client.totalRateLimit,
    storage_limit: client.storageLimit,
    storage_used: client.storageUsed,
  };
}

export function presentCreatedClient({ client, secretKey }: CreatedClient): CreatedClientDto {
  return { ...presentAdminClient(client), secret_key: secretKey };
}
