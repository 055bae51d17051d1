import { unixSeconds } from '../common/clock.js';
import { formatId } from '../common/ids/type-id.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import type { MessageDto } from './message.dto.js';
import type { MessageRow } from './messages.repository.js';

export function presentMessage(tenant: Tenant, message: MessageRow): MessageDto {
  return {
    object: 'message',
    id: formatId('message', message.id),
    channel_id: formatId('channel', message.channelId),
    sender_id: message.senderId && formatId('customer', message.senderId),
    type: message.type,
    content: message.content,
    metadata: message.metadata,
    created: unixSeconds(message.createdAt),
    livemode: tenant.livemode,
  };
}
