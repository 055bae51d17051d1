import type { FileLinks } from '../../../files/files.service.js';
import type { MessagePart } from '../../../messages/message.entity.js';
import { contentObject, type ContentObject } from '../content/content-object.js';
import { presentBasicIdentity, userIdOf, type BasicIdentity } from '../identity.presenter.js';
import { identityUri, layerUri, partUri } from '../layer-id.js';
import type { MemberRow, MessageRow, SaidRow } from './message-row.js';

export const STATUSES = ['sent', 'delivered', 'read'] as const;
export type Status = (typeof STATUSES)[number];

/** Who was erased. */
export interface Nobody {
  readonly id: null;
  readonly url: null;
  readonly user_id: null;
  readonly display_name: string;
  readonly avatar_url: null;
}

export interface PartObject {
  readonly id: string;
  readonly url: string;
  readonly message_url: string;
  readonly mime_type: string;
  readonly body?: string;
  readonly encoding?: 'base64';
  readonly content?: ContentObject;
  readonly updated_at: string;
}

export interface MessageObject {
  readonly id: string;
  readonly url: string;
  readonly receipts_url: string;
  readonly position: number;
  /** Where it was said: one of these two. */
  readonly conversation?: { readonly id: string; readonly url: string };
  readonly channel?: { readonly id: string; readonly url: string };
  readonly parts: readonly PartObject[];
  readonly sent_at: string;
  readonly received_at: string;
  readonly updated_at: string;
  readonly sender: BasicIdentity | Nobody;
  readonly is_unread: boolean;
  /** By identity. */
  readonly recipient_status: Readonly<Record<string, Status>>;
}

/** A message as it is to everybody; only whether it is unread depends on who looks (`seenBy`). */
export interface SharedMessage {
  readonly channelId: string;
  readonly position: number;
  readonly senderId: string | null;
  /** By customer, of those it was said to. */
  readonly statuses: ReadonlyMap<string, Status>;
  readonly object: MessageObject;
}

/** The links of files, by their ids. */
export type Links = ReadonlyMap<string, FileLinks>;

const NOBODY: Nobody = { id: null, url: null, user_id: null, display_name: '', avatar_url: null };

/** @param base where this dialect is mounted, as the caller sees it: `https://host/layer` */
export function shareMessage(
  { channelId, isOpen, members }: Omit<SaidRow, 'messages'>,
  message: MessageRow,
  links: Links,
  base: string,
): SharedMessage {
  const url = `${base}/messages/${message.id}`;
  const sentAt = new Date(message.createdAt).toISOString();
  const recipients = members
    .map((member) => ({ member, status: statusOf(member, message) }))
    .filter((one): one is { member: MemberRow; status: Status } => one.status !== null);
  return {
    channelId,
    position: message.position,
    senderId: message.sender?.id ?? null,
    statuses: new Map(recipients.map(({ member, status }) => [member.id, status])),
    object: {
      id: layerUri('messages', message.id),
      url,
      receipts_url: `${url}/receipts`,
      position: message.position,
      ...(isOpen
        ? { channel: placeOf('channels', channelId, base) }
        : { conversation: placeOf('conversations', channelId, base) }),
      parts: partsOf(message).map((part) => partObject(part, { id: message.id, url, sentAt }, links, base)),
      sent_at: sentAt,
      received_at: sentAt,
      updated_at: sentAt,
      sender: message.sender ? presentBasicIdentity(base, message.sender) : NOBODY,
      is_unread: false,
      recipient_status: Object.fromEntries(
        recipients.map(({ member, status }) => [identityUri(userIdOf(member)), status]),
      ),
    },
  };
}

function placeOf(kind: 'channels' | 'conversations', id: string, base: string): { id: string; url: string } {
  return { id: layerUri(kind, id), url: `${base}/${kind}/${id}` };
}

/** The message as one customer sees it. */
export function seenBy({ statuses, senderId, object }: SharedMessage, customerId: string): MessageObject {
  const status = statuses.get(customerId);
  const isUnread = customerId !== senderId && status !== undefined && status !== 'read';
  return { ...object, is_unread: isUnread };
}

/** What a message consists of; one of the core's that is words alone is one part, named like the message. */
export function partsOf({ id, content, parts }: Pick<MessageRow, 'id' | 'content' | 'parts'>): readonly MessagePart[] {
  return parts ?? [{ id, mimeType: 'text/plain', body: content }];
}

/** Null: it was not said to this member, which joined later. */
function statusOf({ id, joined, delivered, read }: MemberRow, { position, sender }: MessageRow): Status | null {
  if (id === sender?.id) {
    return 'read';
  }
  if (position <= joined) {
    return null;
  }
  return position <= read ? 'read' : position <= delivered ? 'delivered' : 'sent';
}

function partObject(
  { id, mimeType, body, encoding, fileId, size = 0 }: MessagePart,
  message: { readonly id: string; readonly url: string; readonly sentAt: string },
  links: Links,
  base: string,
): PartObject {
  const file = fileId === undefined ? undefined : links.get(fileId);
  return {
    id: partUri(message.id, id),
    url: `${message.url}/parts/${id}`,
    message_url: message.url,
    mime_type: mimeType,
    ...(fileId === undefined ? { body: body ?? '' } : {}),
    ...(encoding === undefined ? {} : { encoding }),
    ...(file === undefined ? {} : { content: contentObject({ id: fileId!, size }, file, base) }),
    updated_at: message.sentAt,
  };
}
