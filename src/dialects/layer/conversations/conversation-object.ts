import { presentBasicIdentity, type BasicIdentity } from '../identity.presenter.js';
import { layerUri } from '../layer-id.js';
import type { MessageObject } from '../messages/message-object.js';
import type { ConversationRow, Metadata } from './conversation-row.js';

export interface ConversationObject {
  readonly id: string;
  readonly url: string;
  readonly messages_url: string;
  readonly created_at: string;
  readonly last_message: MessageObject | null;
  readonly participants: readonly BasicIdentity[];
  readonly distinct: boolean;
  readonly unread_message_count: number;
  readonly total_message_count: number;
  readonly metadata: Metadata;
}

/**
 * Who is not in it any more learns that there is such a conversation, and not who is, what was said or what is
 * written on it there.
 * @param base where this dialect is mounted, as the caller sees it: `https://host/layer`
 */
export function conversationObject(
  { id, standing, isDistinct, metadata, createdAt, totalCount, unreadCount, members }: ConversationRow,
  lastMessage: MessageObject | null,
  base: string,
): ConversationObject {
  const url = `${base}/conversations/${id}`;
  return {
    id: layerUri('conversations', id),
    url,
    messages_url: `${url}/messages`,
    created_at: createdAt.toISOString(),
    last_message: lastMessage,
    participants: standing === 'member' ? members.map((member) => presentBasicIdentity(base, member)) : [],
    distinct: isDistinct,
    unread_message_count: unreadCount ?? 0,
    total_message_count: standing === 'member' ? (totalCount ?? 0) : 0,
    metadata: standing === 'member' ? (metadata ?? {}) : {},
  };
}
