import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { presentChannel } from '../../channels/channel.presenter.js';
import { presentCustomer } from '../../customers/customer.presenter.js';
import type { AnyEvent } from '../../platform/outbox/event-types.js';
import { presentMessage } from '../../messages/message.presenter.js';
import { PusherFrame } from './pusher-frame.js';

type ChannelRow = Parameters<typeof presentChannel>[1];
type CustomerRow = Parameters<typeof presentCustomer>[1];
type MessageRow = Parameters<typeof presentMessage>[1];

/** The rows that events name, as they are now. */
export interface Rows {
  readonly channels: ReadonlyMap<string, ChannelRow>;
  readonly customers: ReadonlyMap<string, CustomerRow>;
}

/** The frame for an event; null where there is none, as when its row has been deleted since. */
export function presentEvent(
  tenant: Tenant,
  { type, data }: AnyEvent,
  { channels, customers }: Rows,
): PusherFrame | null {
  switch (type) {
    case 'message.created': {
      const row = { ...data, createdAt: new Date(data.createdAt) } as MessageRow;
      return new PusherFrame('message.sent', { message: presentMessage(tenant, row) });
    }
    case 'message.deleted':
      return new PusherFrame(type, {
        id: formatId('message', data.id),
        channel_id: formatId('channel', data.channelId),
        mode: data.mode,
      });
    case 'message.read':
    case 'message.delivered':
      return new PusherFrame(type, {
        customer_id: formatId('customer', data.customerId),
        channel_id: formatId('channel', data.channelId),
        position: data.position,
        message_id: formatId('message', data.messageId),
      });
    case 'member.joined':
    case 'member.left':
      return new PusherFrame(type === 'member.joined' ? 'user.joined' : 'user.left', {
        channel_id: formatId('channel', data.channelId),
        customer_id: formatId('customer', data.customerId),
      });
    case 'channel.created':
    case 'channel.updated': {
      const row = channels.get(data.id);
      return row ? channelFrame(type, tenant, row) : null;
    }
    case 'customer.created':
    case 'customer.updated': {
      const row = customers.get(data.id);
      return row ? customerFrame(type, presentCustomer(tenant, row)) : null;
    }
    case 'customer.deleted':
      return new PusherFrame(type, { id: formatId('customer', data.id) });
    case 'channel.deleted':
      return new PusherFrame(type, { id: formatId('channel', data.id) });
    case 'channel.cleared':
    case 'announcement.created':
    case 'announcement.read':
    case 'announcement.deleted':
    case 'follow.created':
    case 'follow.deleted':
    case 'delivery.created':
    case 'delivery.updated':
    case 'opt_out.created':
    case 'opt_out.ended':
    case 'conversation.updated':
    case 'webhook_endpoint.test':
      return null;
  }
}

function channelFrame(type: string, tenant: Tenant, row: ChannelRow): PusherFrame {
  const [channel, withoutEmails] = [presentChannel(tenant, row), presentChannel(tenant, row, 'customer')];
  return new PusherFrame(type, { channel }, undefined, new PusherFrame(type, { channel: withoutEmails }));
}

function customerFrame(type: string, customer: ReturnType<typeof presentCustomer>): PusherFrame {
  const { object, id, name, created, livemode } = customer;
  const short = { object, id, name, created, livemode };
  return new PusherFrame(type, { customer }, undefined, new PusherFrame(type, { customer: short }));
}
