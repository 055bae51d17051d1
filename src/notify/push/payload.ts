import { formatId } from '../../platform/common/ids/type-id.js';
import type { NewNotification } from '../../messages/notification.entity.js';

/** A notification as it is stored, whatever the provider. */
export interface Payload extends Omit<NewNotification, 'recipients'> {
  /** The customer's unread count, over all channels. */
  readonly badge: number;
  readonly channelId: string | null;
  readonly messageId: string | null;
  readonly announcementId: string | null;
}

/** For the app that the notification opens. */
export function subjectOf({ channelId, messageId, announcementId }: Payload): Record<string, string> {
  return given({
    channel_id: channelId && formatId('channel', channelId),
    message_id: messageId && formatId('message', messageId),
    announcement_id: announcementId && formatId('announcement', announcementId),
  });
}

/** Without nulls, which providers refuse. */
export function given<T>(fields: Readonly<Record<string, T | null | undefined>>): Record<string, T> {
  const present = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present) as Record<string, T>;
}

/** The alert; null where only the badge changes. */
export function alertOf({ title, text }: Payload): Record<string, string> | null {
  const alert = given({ title, body: text });
  return Object.keys(alert).length === 0 ? null : alert;
}
