import { formatId } from '../common/ids/type-id.js';

/** What a device is told, as it is stored: whatever the provider. */
export interface Payload {
  readonly title?: string;
  readonly text?: string;
  readonly sound?: string;
  readonly category?: string;
  /** The app's own. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** What its customer has not read, in all channels. */
  readonly badge: number;
  readonly channelId: string | null;
  readonly messageId: string | null;
  readonly announcementId: string | null;
}

/** What it is about, for an app that is opened by it. */
export function subjectOf({ channelId, messageId, announcementId }: Payload): Readonly<Record<string, string>> {
  return {
    ...(channelId === null ? {} : { channel_id: formatId('channel', channelId) }),
    ...(messageId === null ? {} : { message_id: formatId('message', messageId) }),
    ...(announcementId === null ? {} : { announcement_id: formatId('announcement', announcementId) }),
  };
}
