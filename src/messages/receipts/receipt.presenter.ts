import { unixSeconds } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { MessageReceiptDto, ReceiptDto } from './receipt.dto.js';
import type { Mark, ReceiptRow } from './receipts.repository.js';

export function presentReceipt(channelId: string, customerId: string, { position, unreadCount }: Mark): ReceiptDto {
  return {
    object: 'receipt',
    customer_id: formatId('customer', customerId),
    channel_id: formatId('channel', channelId),
    position,
    unread_count: unreadCount,
  };
}

export function presentMessageReceipt({ id, status, at }: ReceiptRow): MessageReceiptDto {
  return { customer_id: formatId('customer', id), status, at: unixSeconds(at) };
}
