import { segmentsOf, type Segmentation } from '../../../delivery/deliveries/segments.js';
import { bodyToSend } from '../../../delivery/deliveries/smart-encoding.js';
import type { PreparedText, TextRow } from '../../../delivery/texts/texts.service.js';
import { formatSid } from '../../../platform/common/ids/sid.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import type { AcceptedTextDto, TextMessageDto } from './text-message.dto.js';

export function presentAccepted(
  messageId: string,
  { files, sendAt = null }: Pick<PreparedText, 'files'> & Partial<Pick<PreparedText, 'sendAt'>>,
): AcceptedTextDto {
  const sid = formatSid(messageId, files.length > 0 ? 'mms' : 'sms');
  return { sid, status: sendAt === null ? 'queued' : 'scheduled' };
}

export function presentText(row: TextRow): TextMessageDto {
  const { id, medium, channelId, body, createdAt, scheduledAt, sentAt, deliveredAt, updatedAt, errorText, ...rest } =
    row;
  const { segments, encoding } = rest;
  // Only while nobody has counted: of a long text it takes its time.
  const counted = segments !== null && encoding !== null ? { segments, encoding } : countedIn(row);
  return {
    sid: formatSid(id, medium),
    id: formatId('message', id),
    conversationId: formatId('channel', channelId),
    direction: rest.direction,
    medium,
    status: rest.status,
    from: rest.from,
    to: rest.to,
    body,
    media: row.media.map(({ contentType, size, url }) => ({ contentType, size, url })),
    segments: segments ?? counted.segments,
    encoding: encoding ?? counted.encoding,
    price: rest.price,
    currency: rest.currency,
    errorCode: rest.errorCode,
    errorMessage: errorText,
    provider: rest.provider,
    providerMessageId: rest.providerMessageId,
    attempts: rest.attempts,
    userId: rest.userId && formatId('user', rest.userId),
    keyId: rest.keyId && formatId('api_key', rest.keyId),
    deleted: body === null && rest.status !== 'receiving',
    createdAt: createdAt.toISOString(),
    scheduleAt: scheduledAt && scheduledAt.toISOString(),
    sentAt: sentAt && sentAt.toISOString(),
    deliveredAt: deliveredAt && deliveredAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** What has files is one segment, however much there is in it. */
function countedIn(row: TextRow): Pick<Segmentation, 'segments' | 'encoding'> {
  const { segments, encoding } = segmentsOf(bodyIn(row));
  return { segments: row.medium === 'mms' ? 1 : segments, encoding };
}

/** As a phone gets it, or has sent it. */
function bodyIn({ body, direction, smartEncoding }: TextRow): string {
  return direction === 'outbound' ? bodyToSend({ body: body ?? '', smartEncoding }) : (body ?? '');
}
