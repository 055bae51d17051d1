import type { ReceivedAnnouncement } from '../../../notify/announcements/announcements.service.js';
import type { MessagePart } from '../../../messages/message.entity.js';
import { userIdOf, type IdentityRow } from '../identity.presenter.js';
import { identityUri, layerUri } from '../layer-id.js';
import type { Nobody, PartObject, Status } from '../messages/message-object.js';

/** Like a message, but of no conversation, and of nobody who could be written to. */
export interface AnnouncementObject {
  readonly id: string;
  readonly url: string;
  readonly receipts_url: string;
  readonly position: number;
  readonly parts: readonly PartObject[];
  readonly sent_at: string;
  readonly received_at: string;
  readonly updated_at: string;
  readonly sender: Nobody;
  readonly is_unread: boolean;
  /** Of whoever looks, and nobody else. */
  readonly recipient_status: Readonly<Record<string, Status>>;
}

/**
 * @param reader the customer who has it
 * @param base where this dialect is mounted, as the caller sees it: `https://host/layer`
 */
export function announcementObject(
  { id, senderName, parts, createdAt, deliveredAt, readAt }: ReceivedAnnouncement,
  reader: Pick<IdentityRow, 'id' | 'externalId'>,
  base: string,
): AnnouncementObject {
  const url = `${base}/announcements/${id}`;
  const sentAt = createdAt.toISOString();
  return {
    id: layerUri('announcements', id),
    url,
    receipts_url: `${url}/receipts`,
    // Announcements are numbered nowhere; this rises with them.
    position: createdAt.getTime(),
    parts: parts.map((part) => partObject(part, { id, url, sentAt })),
    sent_at: sentAt,
    received_at: sentAt,
    updated_at: sentAt,
    sender: { id: null, url: null, user_id: null, display_name: senderName, avatar_url: null },
    is_unread: readAt === null,
    recipient_status: { [identityUri(userIdOf(reader))]: readAt ? 'read' : deliveredAt ? 'delivered' : 'sent' },
  };
}

function partObject(
  { id, mimeType, body, encoding }: MessagePart,
  announcement: { readonly id: string; readonly url: string; readonly sentAt: string },
): PartObject {
  return {
    id: `${layerUri('announcements', announcement.id)}/parts/${id}`,
    url: `${announcement.url}/parts/${id}`,
    message_url: announcement.url,
    mime_type: mimeType,
    body: body ?? '',
    ...(encoding === undefined ? {} : { encoding }),
    updated_at: announcement.sentAt,
  };
}
