import { unixSeconds } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { DeviceDto } from './device.dto.js';
import type { DeviceRow } from './devices.repository.js';

/** Nothing of a short token: its end would be most of it. */
function endOf(token: string): string {
  return `…${token.length >= 16 ? token.slice(-4) : ''}`;
}

export function presentDevice(
  tenant: Tenant,
  { id, customerId, deviceId, provider, token, bundleId, createdAt }: DeviceRow,
): DeviceDto {
  return {
    object: 'device',
    id: formatId('device', id),
    customer_id: formatId('customer', customerId),
    device_id: deviceId,
    provider,
    token: endOf(token),
    bundle_id: bundleId,
    created: unixSeconds(createdAt),
    livemode: tenant.livemode,
  };
}
