import { unixSeconds } from '../../platform/common/clock.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { PushCredentialDto } from './push-credential.dto.js';
import type { CredentialRow } from './push-credentials.repository.js';

export function presentPushCredential(tenant: Tenant, { provider, updatedAt }: CredentialRow): PushCredentialDto {
  return { object: 'push_credential', provider, updated: unixSeconds(updatedAt), livemode: tenant.livemode };
}
