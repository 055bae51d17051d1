import type { ConversationRow, SaidRow } from '../../../delivery/conversations/address-conversations.service.js';
import { formatSid } from '../../../platform/common/ids/sid.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { presentText } from '../messages/text-message.presenter.js';
import type { SaidDto, TextConversationDto } from './conversation.dto.js';

export function presentConversation(row: ConversationRow): TextConversationDto {
  const { id, personId, personName, phone, lastMessage, unreadCount, messageCount, archived } = row;
  return {
    id: formatId('conversation', id),
    number: { id: formatId('phone_number', row.addressId), number: row.number },
    contact: personId === null ? null : { id: formatId('customer', personId), name: personName!, phone },
    lastMessage: lastMessage && presentSaid(lastMessage),
    ...{ unreadCount, messageCount, archived },
    optedOut: row.isOptedOut,
    lastActivityAt: row.lastActivityAt.toISOString(),
  };
}

export function presentSaid(row: SaidRow): SaidDto {
  const { medium, status, body } = row;
  if (body === null) {
    return { sid: formatSid(row.id, medium ?? 'sms'), deleted: true };
  }
  const text = presentText({ ...row, medium: medium ?? 'sms', status: status ?? 'sent' });
  return { ...text, medium, status, deleted: false };
}
