import { unixSeconds } from '../../../platform/common/clock.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { layerUri } from '../layer-id.js';
import type { IdentityKeyDto } from './identity-key.dto.js';
import type { IdentityKeyRow } from './identity-keys.repository.js';

export function presentIdentityKey({ clientId, livemode }: Tenant, key: IdentityKeyRow): IdentityKeyDto {
  return {
    object: 'identity_key',
    id: formatId('identity_key', key.id),
    kid: layerUri('keys', key.id),
    client_id: formatId('client', clientId),
    algorithm: key.algorithm,
    public_key: key.publicKey,
    created: unixSeconds(key.createdAt),
    livemode,
  };
}
