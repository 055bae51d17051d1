import { unixSeconds } from '../common/clock.js';
import { formatId } from '../common/ids/type-id.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { presentCustomerReference } from '../customers/customer.presenter.js';
import type { ChannelDto, ConversationDto } from './channel.dto.js';
import type { ChannelRow, ConversationRow } from './channels.repository.js';

export function presentChannel(tenant: Tenant, { id, type, name, customers, createdAt }: ChannelRow): ChannelDto {
  return {
    object: 'channel',
    id: formatId('channel', id),
    type,
    name,
    customers: customers.map(presentCustomerReference),
    created: unixSeconds(createdAt),
    livemode: tenant.livemode,
  };
}

export function presentConversation({ channels, latestMessageAt, ...recipient }: ConversationRow): ConversationDto {
  return {
    recipient: presentCustomerReference(recipient),
    channels: channels.map(({ id, type, name, updatedAt }) => ({
      object: 'channel',
      id: formatId('channel', id),
      type,
      name,
      updated_at: updatedAt,
    })),
    latest_message_at: unixSeconds(latestMessageAt),
  };
}
