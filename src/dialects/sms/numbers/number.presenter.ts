import type { AddressRow } from '../../../delivery/addresses/addresses.service.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import type { NumberDto } from './number.dto.js';

export function presentNumber(row: AddressRow): NumberDto {
  const { id, address, kind, name, capabilities, isDefault, verifiedAt, serviceId, createdAt } = row;
  return {
    id: formatId('phone_number', id),
    number: address,
    kind,
    name,
    capabilities,
    isDefault,
    verified: verifiedAt !== null,
    serviceId: serviceId && formatId('phone_number', serviceId),
    createdAt: createdAt.toISOString(),
  };
}
