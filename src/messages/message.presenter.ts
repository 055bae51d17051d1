import { unixSeconds } from '../platform/common/clock.js';
import { Refusal } from '../platform/common/errors/refusal.js';
import { formatId } from '../platform/common/ids/type-id.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import type { IdInUse } from './id-in-use.js';
import type { MessageDto, MessagePartDto } from './message.dto.js';
import type { MessagePart } from './message.entity.js';
import type { MessageRow } from './messages.repository.js';
import { isPlainText } from './parts.js';

export function presentMessage(tenant: Tenant, message: MessageRow): MessageDto {
  return {
    object: 'message',
    id: formatId('message', message.id),
    channel_id: formatId('channel', message.channelId),
    sender_id: message.senderId && formatId('customer', message.senderId),
    position: message.position,
    type: message.type,
    content: message.content,
    metadata: message.metadata,
    ...(message.parts && !isPlainText(message.parts, message.content) ? { parts: message.parts.map(presentPart) } : {}),
    created: unixSeconds(message.createdAt),
    livemode: tenant.livemode,
  };
}

/** With the message of that id, where the sender may see it and the caller may read messages. */
export function presentIdInUse(tenant: Tenant, { code, message, row }: IdInUse, mayRead: boolean): Refusal {
  return new Refusal(code, message, row && mayRead ? { data: presentMessage(tenant, row) } : {});
}

export function presentPart({ id, mimeType, body, encoding, fileId, size }: MessagePart): MessagePartDto {
  return {
    id,
    mime_type: mimeType,
    ...(body === undefined ? {} : { body }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(fileId === undefined ? {} : { file_id: formatId('file', fileId), size: size! }),
  };
}
