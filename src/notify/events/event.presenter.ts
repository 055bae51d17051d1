import { presentChannel } from '../../channels/channel.presenter.js';
import { unixSeconds } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { presentCustomer } from '../../customers/customer.presenter.js';
import { presentMessage } from '../../messages/message.presenter.js';
import type { MessageType } from '../../messages/message.entity.js';
import type { EventDto, EventObjectDto } from './event.dto.js';
import { presentDelivery, presentOptOut } from './delivery-event.presenter.js';
import type { LoadedEvent } from './event.js';

/** An event as lists and webhooks show it. */
export function presentEvent(tenant: Tenant, loaded: LoadedEvent): EventDto {
  const { id, type, createdAt } = loaded.event;
  return {
    id: formatId('event', id),
    object: 'event',
    type,
    created: unixSeconds(createdAt),
    livemode: tenant.livemode,
    data: presentObject(tenant, loaded),
  };
}

function presentObject(tenant: Tenant, { event, channel, customer }: LoadedEvent): EventObjectDto {
  switch (event.type) {
    case 'message.created': {
      const { type, createdAt, parts = null, ...message } = event.data;
      return presentMessage(tenant, { ...message, parts, type: type as MessageType, createdAt: new Date(createdAt) });
    }
    case 'message.deleted': {
      const { id, channelId, mode } = event.data;
      return {
        object: 'message',
        id: formatId('message', id),
        channel_id: formatId('channel', channelId),
        mode,
        deleted: true,
      };
    }
    case 'message.read':
    case 'message.delivered': {
      const { customerId, channelId, position, messageId } = event.data;
      return {
        object: 'receipt',
        customer_id: formatId('customer', customerId),
        channel_id: formatId('channel', channelId),
        position,
        message_id: formatId('message', messageId),
      };
    }
    case 'channel.created':
    case 'channel.updated':
      return channel ? presentChannel(tenant, channel) : presentDeleted('channel', event.data.id);
    case 'channel.deleted':
      return presentDeleted('channel', event.data.id);
    case 'customer.created':
    case 'customer.updated':
    case 'customer.deleted':
      return customer ? presentCustomer(tenant, customer) : presentDeleted('customer', event.data.id);
    case 'member.joined':
    case 'member.left':
      return {
        object: 'member',
        channel_id: formatId('channel', event.data.channelId),
        customer_id: formatId('customer', event.data.customerId),
      };
    case 'delivery.created':
    case 'delivery.updated':
      return presentDelivery(tenant, event.data);
    case 'opt_out.created':
    case 'opt_out.ended':
      return presentOptOut(event.data);
    case 'channel.cleared':
    case 'announcement.created':
    case 'announcement.read':
    case 'announcement.deleted':
    case 'follow.created':
    case 'follow.deleted':
    case 'conversation.updated':
      throw new Error(`${event.type} is for sockets only`);
    case 'webhook_endpoint.test':
      return { object: 'webhook_endpoint', id: formatId('webhook_endpoint', event.data.id) };
  }
}

function presentDeleted(object: 'channel' | 'customer', id: string): EventObjectDto {
  return { object, id: formatId(object, id), deleted: true };
}
