import type { EventData, StoredNotification } from '../../../platform/outbox/event-types.js';
import { seenBy, type MessageObject } from '../messages/message-object.js';
import type { PacketBody } from './packet-body.js';
import * as say from './packets.js';
import type { Packet } from './packets.js';
import type { EventContext } from './event-context.js';

/** The body of a packet, and the customers it goes to. */
export interface Telling {
  readonly type?: Packet['type'];
  readonly body: PacketBody;
  readonly to: readonly string[];
}

/** The same for all but for whether they have read it, and for notification texts of their own. */
export function messageCreated(
  { id, notification }: EventData['message.created'],
  members: readonly string[],
  { messages }: EventContext,
): Telling[] {
  const shared = messages.get(id);
  if (!shared) {
    return [];
  }
  const groups = new Map<unknown, { body: PacketBody; to: string[] }>();
  for (const customerId of members.filter((one) => shared.statuses.has(one))) {
    const object = seenBy(shared, customerId);
    const key = notification?.recipients?.[customerId] ? customerId : object.is_unread;
    const group = groups.get(key) ?? {
      body: say.created('Message', { ...object, ...notificationFor(customerId, object, notification) }),
      to: [],
    };
    groups.set(key, group);
    group.to.push(customerId);
  }
  return [...groups.values()];
}

/** The page shows a notification with it; who sent or has read the message needs none. */
function notificationFor(
  customerId: string,
  { is_unread }: MessageObject,
  notification: StoredNotification | undefined,
): { readonly notification?: object } {
  if (!notification || !is_unread) {
    return {};
  }
  const { recipients, ...all } = notification;
  return { notification: { ...given(all), ...given(recipients?.[customerId] ?? {}) } };
}

function given(words: object): object {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value != null));
}
