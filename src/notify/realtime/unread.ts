import type { AnyEvent } from '../../platform/outbox/event-types.js';

/** Whether an event may change how many messages of its channel this member has not read. */
export function changesUnread({ type, data }: AnyEvent, customerId: string): boolean {
  switch (type) {
    case 'message.created':
      return data.senderId !== customerId;
    case 'message.deleted':
      return true;
    case 'message.read':
    case 'channel.cleared':
    case 'member.joined':
      return data.customerId === customerId;
    default:
      return false;
  }
}
