import { unixSeconds } from '../platform/common/clock.js';
import { formatId } from '../platform/common/ids/type-id.js';
import type { Audience } from '../platform/common/tenancy/audience.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { presentMember } from '../customers/customer.presenter.js';
import type { ChannelRow } from './channel-row.js';
import type { ChannelDto } from './channel.dto.js';

export function presentChannel(
  tenant: Tenant,
  { id, type, name, metadata, addressId, customers, createdAt }: ChannelRow,
  audience: Audience = 'client',
): ChannelDto {
  return {
    object: 'channel',
    id: formatId('channel', id),
    type,
    name,
    metadata,
    ...(addressId === null ? {} : { address_id: formatId('customer', addressId) }),
    customers: customers.map((customer) => presentMember(customer, audience)),
    created: unixSeconds(createdAt),
    livemode: tenant.livemode,
  };
}

/** Descriptions shared by the operations that change a channel. */
export const UNSEEN = 'A key without `channels:read` gets the channel without its name, metadata and customers.';

/** For keys without `channels:read`: nothing that was stored before, and no members. */
export function presentUnseen(tenant: Tenant, channel: ChannelRow): ChannelDto {
  return presentChannel(tenant, { ...channel, name: '', metadata: null, addressId: null, customers: [] });
}
