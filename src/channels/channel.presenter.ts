import { unixSeconds } from '../common/clock.js';
import { formatId } from '../common/ids/type-id.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { presentCustomerReference } from '../customers/customer.presenter.js';
import type { ChannelRow } from './channel-row.js';
import type { ChannelDto } from './channel.dto.js';

export function presentChannel(
  tenant: Tenant,
  { id, type, name, metadata, customers, createdAt }: ChannelRow,
): ChannelDto {
  return {
    object: 'channel',
    id: formatId('channel', id),
    type,
    name,
    metadata,
    customers: customers.map(presentCustomerReference),
    created: unixSeconds(createdAt),
    livemode: tenant.livemode,
  };
}
