import type { OptOutRow } from '../../../delivery/opt-outs/opt-outs.service.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { NumberOptOutDto } from './opt-out.dto.js';

export function presentOptOut(tenant: Tenant, row: OptOutRow): NumberOptOutDto {
  const { id, scopeId, number, source, keyword, createdAt, endedAt } = row;
  return {
    id: formatId('opt_out', id),
    number,
    numberId: scopeId === tenant.clientId ? null : formatId('phone_number', scopeId),
    source,
    keyword,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt && endedAt.toISOString(),
  };
}
