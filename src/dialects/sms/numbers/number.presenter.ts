import type { AddressRow } from '../../../delivery/addresses/addresses.service.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import type { NumberDto } from './number.dto.js';

export function presentNumber(row: AddressRow): NumberDto {
  const { id, address, kind, name, capabilities, isDefault, verifiedAt, createdAt } = row;
  return {
    id: formatId('phone_number', id),
    number: address,
    kind,
    name,
    capabilities,
    isDefault,
    verified: verifiedAt !== null,
    serviceId: null,
    createdAt: createdAt.toISOString(),
  };
}
