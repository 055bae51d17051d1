import { unixSeconds } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { formatSid } from '../../platform/common/ids/sid.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { StoredDelivery, StoredOptOut } from '../../platform/outbox/event-types.js';
import type { DeliveryDto, OptOutEventDto } from './delivery-event.dto.js';

export function presentDelivery(tenant: Tenant, delivery: StoredDelivery): DeliveryDto {
  const { id, channelId, errorCode, createdAt, direction, medium, status, from, to, body, ...rest } = delivery;
  const { segments, price, currency, provider, media = [] } = rest;
  return {
    object: 'delivery',
    message_id: formatId('message', id),
    sid: formatSid(id, medium),
    channel_id: formatId('channel', channelId),
    direction,
    medium,
    status,
    from,
    to,
    body,
    media: media.map(({ fileId, mimeType, size }) => ({
      file_id: formatId('file', fileId),
      content_type: mimeType,
      size,
    })),
    error_code: errorCode,
    segments,
    price,
    currency,
    provider,
    created: unixSeconds(new Date(createdAt)),
    livemode: tenant.livemode,
  };
}

export function presentOptOut({
  id,
  addressId,
  createdAt,
  endedAt,
  number,
  source,
  keyword,
}: StoredOptOut): OptOutEventDto {
  return {
    object: 'opt_out',
    id: formatId('opt_out', id),
    number,
    address_id: addressId && formatId('customer', addressId),
    source,
    keyword,
    created: unixSeconds(new Date(createdAt)),
    ended_at: endedAt === null ? null : unixSeconds(new Date(endedAt)),
  };
}
