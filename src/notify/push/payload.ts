import { formatId } from '../../platform/common/ids/type-id.js';
import type { NewNotification } from '../../messages/notification.entity.js';

/** What a device is told, as it is stored: whatever the provider. */
export interface Payload extends Omit<NewNotification, 'recipients'> {
  /** What its customer has not read, in all channels. */
  readonly badge: number;
  readonly channelId: string | null;
  readonly messageId: string | null;
  readonly announcementId: string | null;
}

/** What it is about, for an app that is opened by it. */
export function subjectOf({ channelId, messageId, announcementId }: Payload): Record<string, string> {
  return given({
    channel_id: channelId && formatId('channel', channelId),
    message_id: messageId && formatId('message', messageId),
    announcement_id: announcementId && formatId('announcement', announcementId),
  });
}

/** Without what was not given: to a provider, a null is no text. */
export function given<T>(fields: Readonly<Record<string, T | null | undefined>>): Record<string, T> {
  const present = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present) as Record<string, T>;
}

/** What is read out loud; null where it is only a number on the app. */
export function alertOf({ title, text }: Payload): Record<string, string> | null {
  const alert = given({ title, body: text });
  return Object.keys(alert).length === 0 ? null : alert;
}
