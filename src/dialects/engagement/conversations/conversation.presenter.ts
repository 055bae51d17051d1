import type { ConversationRow } from '../../../engagement/conversations/inbox.service.js';
import { shownHtml } from '../../../engagement/conversations/shown-mail.js';
import type { TimelineItem } from '../../../engagement/conversations/timeline.service.js';
import type { InboxConversationDto } from './conversation.dto.js';
import type { ConversationItemDto, ItemSenderDto } from './item.dto.js';

export function presentConversation(row: ConversationRow): InboxConversationDto {
  return {
    id: row.number,
    uuid: row.id,
    subject: row.subject,
    status: row.status,
    channel: row.medium,
    priority: row.priority,
    contact:
      row.contactNumber === null ? null : { id: row.contactNumber, name: row.contactName!, email: row.contactEmail },
    assigned_to: row.assigneeNumber === null ? null : { id: row.assigneeNumber, name: row.assigneeName! },
    is_starred: row.isStarred,
    is_pinned: row.isPinned,
    is_read: row.isRead,
    is_ai_handled: row.isAiHandled,
    unread_count: row.unreadCount,
    messages_count: row.messageCount,
    preview: row.preview,
    waiting_since: row.waitingSince?.toISOString() ?? null,
    snoozed_until: row.snoozedUntil?.toISOString() ?? null,
    last_message_at: row.lastMessageAt.toISOString(),
    resolved_at: row.resolvedAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}

export function presentItem(
  { number: conversationId }: Pick<ConversationRow, 'number'>,
  item: TimelineItem,
): ConversationItemDto {
  const text = item.mailText || (item.body ?? sentenceOf(item.data ?? {}));
  const html = item.mailHtml === null ? null : shownHtml(item.mailHtml, item.mailFiles ?? [], item.media);
  return {
    id: item.number,
    uuid: item.id,
    conversation_id: conversationId,
    type: item.kind,
    body: html ?? text,
    body_text: text,
    body_html: html,
    sender: senderOf(item),
    attachments: item.media.map(({ fileId, name, contentType, size, url }) => ({
      uuid: fileId,
      name,
      mime_type: contentType,
      size,
      url,
    })),
    delivery: item.deliveryStatus === null ? null : { status: item.deliveryStatus, error_code: item.errorCode },
    created_at: item.createdAt.toISOString(),
  };
}

function senderOf({ kind, userNumber, userName, contactNumber, contactName }: TimelineItem): ItemSenderDto {
  if (kind === 'message') {
    return { type: 'contact', id: contactNumber, name: contactName };
  }
  return userNumber === null
    ? { type: 'workspace', id: null, name: null }
    : { type: 'user', id: userNumber, name: userName };
}

/** Of an activity, for people to read. */
function sentenceOf({ type, from, to }: Readonly<Record<string, unknown>>): string {
  if (type === 'assignee') {
    return to === null ? 'Unassigned.' : 'Assigned.';
  }
  if (type === 'merged') {
    return `Conversation ${String(from)} was merged into this one.`;
  }
  if (type === 'campaign') {
    return `Answers campaign ${String(from)}, ${String(to)}.`;
  }
  return `${type === 'status' ? 'Status' : 'Priority'} changed from ${String(from)} to ${String(to)}.`;
}
