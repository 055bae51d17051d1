import { presentChannel } from '../../channels/channel.presenter.js';
import { unixSeconds } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Audience } from '../../platform/common/tenancy/audience.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { presentMember } from '../../customers/customer.presenter.js';
import type { ConversationDto, MemberChannelDto } from './conversation.dto.js';
import type { ConversationRow, ListedChannelRow } from './conversations.repository.js';
import type { MessageDto } from '../message.dto.js';
import { presentMessage } from '../message.presenter.js';
import type { MessageRow } from '../messages.repository.js';

interface Viewer {
  readonly audience: Audience;
  /** Whether who asks may read messages, and so the last one. */
  readonly mayRead: boolean;
}

export function presentListedChannel(
  tenant: Tenant,
  row: ListedChannelRow,
  { audience, mayRead }: Viewer,
): MemberChannelDto {
  return {
    ...presentChannel(tenant, row, audience),
    unread_count: row.unreadCount,
    last_message: mayRead ? presentLast(tenant, row.lastMessage) : null,
  };
}

export function presentConversation(
  tenant: Tenant,
  { channels, channelsCount, latestMessageAt, ...recipient }: ConversationRow,
  { audience, mayRead }: Viewer,
): ConversationDto {
  return {
    recipient: presentMember(recipient, audience),
    channels: channels.map(({ id, type, name, updatedAt, unreadCount, lastMessage }) => ({
      object: 'channel',
      id: formatId('channel', id),
      type,
      name,
      updated_at: updatedAt,
      unread_count: unreadCount,
      last_message: mayRead ? presentLast(tenant, lastMessage) : null,
    })),
    channels_count: channelsCount,
    latest_message_at: unixSeconds(latestMessageAt),
  };
}

function presentLast(tenant: Tenant, message: MessageRow | null): MessageDto | null {
  return message && presentMessage(tenant, message);
}
