import {
  CONVERSATION_PRIORITIES,
  CONVERSATION_STATUSES,
  type ConversationPriority,
  type ConversationStatus,
} from '../../../delivery/conversations/conversation.entity.js';
import type { ConversationSort } from '../../../engagement/conversations/inbox-list.sql.js';
import { MAX_REPLY, MAX_REPLY_HTML } from '../../../engagement/conversations/reply-text.js';
import { EmailList } from '../../../platform/common/fields/email-list.js';
import { field } from '../../../platform/common/fields/field.js';
import { Choice, Flag, Id, IdList, Text } from '../../../platform/common/fields/fields.js';
import { Line } from '../../../platform/common/fields/line.js';
import { Moment } from '../../../platform/common/fields/moment.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import { parseRef, type ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { isUuid } from '../../../platform/common/ids/type-id.js';
import { RequestSchema } from '../../../platform/common/openapi/shown.js';
import { ListQuery, SortBy } from '../http/list-query.js';
import { QueryFlag, QueryInteger, Search } from '../http/query-fields.js';
import { REF_PATTERN } from '../http/object-param.js';
import { QueryRef, Ref } from '../http/ref-fields.js';
import { Uuid } from '../http/uuid-field.js';

const CHANNELS = ['email', 'chat', 'live_chat', 'sms'] as const;
const ASSIGNEE_WORDS = ['me', 'unassigned'];

/** A user, `me` or `unassigned`. */
function AssignedTo(): PropertyDecorator {
  return field({
    name: 'assigned_to',
    optional: true,
    read: (value) =>
      typeof value === 'string' && !ASSIGNEE_WORDS.includes(value) ? (parseRef('user', value) ?? value) : value,
    check: (value) =>
      ASSIGNEE_WORDS.includes(value as string) || isUuid(value) || typeof value === 'number'
        ? null
        : { says: 'must be the id of a user, me or unassigned.' },
    schema: {
      type: String,
      pattern: `^(me|unassigned)$|${REF_PATTERN}`,
      example: 'me',
      description: 'Only those that this user takes care of: an id, `me`, or `unassigned` for those that nobody does.',
    },
  });
}

export class ListInboxQuery extends ListQuery {
  @Choice(CONVERSATION_STATUSES, { optional: true, description: 'Only those in this state.' })
  readonly status?: ConversationStatus | null;

  @Choice(CHANNELS, { optional: true, description: 'Only those that go by this; `live_chat` is `chat`.' })
  readonly channel?: (typeof CHANNELS)[number] | null;

  @Choice(CONVERSATION_PRIORITIES, { optional: true, description: 'Only those of this priority.' })
  readonly priority?: ConversationPriority | null;

  @AssignedTo()
  readonly assignedTo?: ObjectRef | null;

  @QueryRef({ name: 'contact_id', typeId: 'customer', optional: true, description: 'Only those with this contact.' })
  readonly contactId?: ObjectRef | null;

  @QueryFlag({ name: 'is_starred', description: 'Only those that are starred, or are not.' })
  readonly isStarred?: boolean | null;

  @QueryFlag({ name: 'is_read', description: 'Only those that the team has read, or has not.' })
  readonly isRead?: boolean | null;

  @QueryFlag({ name: 'is_ai_handled', description: 'Only those that are answered automatically, or are not.' })
  readonly isAiHandled?: boolean | null;

  @Search('Words of the subject, the newest message, or the name and e-mail of the contact.')
  readonly search?: string | null;

  @Choice(['messages'], {
    name: 'in',
    optional: true,
    description:
      'Where the words of `search` are looked for in place of these: in what was said, be it by SMS, chat or e-mail, not in notes. All of them have to occur in one message; of an e-mail, in its subject or its whole text.',
  })
  readonly searchIn?: 'messages' | null;

  @SortBy(['last_message_at', 'created_at', 'priority', 'status'])
  readonly sortBy?: ConversationSort | null;
}

export class ShowConversationQuery {
  @QueryFlag({ name: 'mark_read', description: 'Whether the team has read it now; true if left out.' })
  readonly markRead?: boolean | null;
}

export class ListItemsQuery {
  @QueryInteger({
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    description: 'Return what stands before the item with this id.',
  })
  readonly before?: number | null;

  @QueryInteger({ name: 'per_page', min: 1, max: 100, otherwise: 25, description: 'The largest number of items.' })
  readonly perPage?: number | null;
}

/** What is read of a conversation, and set by what happens. */
const READ_ONLY = [
  ...['id', 'uuid', 'contact', 'assigned_to', 'is_ai_handled', 'unread_count', 'messages_count', 'preview'],
  ...['waiting_since', 'last_message_at', 'resolved_at', 'created_at'],
];
/** The same of a note, or a reply. */
const READ_ONLY_OF_ITEM = ['id', 'uuid', 'conversation_id', 'type', 'sender', 'attachments', 'delivery', 'created_at'];

const PRIORITY = { optional: true, description: 'How much it presses.' } as const;
const SUBJECT = { max: 500, optional: true, example: 'Invoice', description: 'What it is about.' } as const;
const ATTACHMENTS = {
  name: 'attachment_ids',
  min: 0,
  max: 10,
  optional: true,
  description: 'Files that were uploaded, at most 25 MB in all.',
} as const;

const CC = { optional: true, max: 20 } as const;

@RequestSchema('A new conversation, with its first message.')
@PassesOver(...READ_ONLY)
export class NewInboxConversationDto {
  @Ref({ name: 'contact_id', typeId: 'customer', description: 'Whom it is with.' })
  readonly contactId!: ObjectRef;

  @Text({ max: 32, example: 'sms', description: 'What it goes by: `sms` or `chat`.' })
  readonly channel!: string;

  @Text({
    max: MAX_REPLY_HTML,
    unless: ['body', 'bodyText'],
    example: 'Hello',
    description: `The first message: HTML where it holds a tag, else text; of text at most ${MAX_REPLY} characters.`,
  })
  readonly message?: string | null;

  @Text({
    max: MAX_REPLY_HTML,
    optional: true,
    excludes: 'message',
    example: 'Hello',
    description: 'The same by the name that it has in a reply.',
  })
  readonly body?: string | null;

  @Text({
    name: 'body_text',
    max: MAX_REPLY,
    optional: true,
    excludes: 'message',
    example: 'Hello',
    description: 'The same as text, whatever it holds. Beside `body`, it is what SMS and chat show.',
  })
  readonly bodyText?: string | null;

  @Line(SUBJECT)
  readonly subject?: string | null;

  @Choice(CONVERSATION_PRIORITIES, PRIORITY)
  readonly priority?: ConversationPriority | null;

  @Id('customer', {
    name: 'address_id',
    optional: true,
    description: 'Which of your addresses speaks; if left out, the default one.',
  })
  readonly addressId?: string | null;

  @IdList('file', ATTACHMENTS)
  readonly attachmentIds?: readonly string[];
}

@RequestSchema('What is to change of a conversation.')
@PassesOver(...READ_ONLY, 'channel')
export class UpdateInboxConversationDto {
  @Choice(CONVERSATION_STATUSES, { optional: true, description: 'Its state.' })
  readonly status?: ConversationStatus | null;

  @Choice(CONVERSATION_PRIORITIES, PRIORITY)
  readonly priority?: ConversationPriority | null;

  @Line(SUBJECT)
  readonly subject?: string | null;

  @Flag({ name: 'is_starred', optional: true, example: true, description: 'Whether it is starred.' })
  readonly isStarred?: boolean | null;

  @Flag({ name: 'is_pinned', optional: true, example: true, description: 'Whether it is pinned.' })
  readonly isPinned?: boolean | null;

  @Flag({ name: 'is_read', optional: true, example: true, description: 'Whether the team has read it.' })
  readonly isRead?: boolean | null;

  @Moment({
    name: 'snoozed_until',
    optional: true,
    description: 'With the status `snoozed`: until when, at most 5 years ahead; if left out, until the contact writes.',
  })
  readonly snoozedUntil?: Date | null;
}

@RequestSchema('A reply to the contact, or a note for the team.')
@PassesOver(...READ_ONLY_OF_ITEM)
export class NewReplyDto {
  @Text({
    max: MAX_REPLY_HTML,
    unless: 'bodyText',
    example: 'Hello',
    description: `What it says: HTML where it holds a tag, else text; of text at most ${MAX_REPLY} characters. By SMS and chat the text of it is sent.`,
  })
  readonly body?: string | null;

  @Text({
    name: 'body_text',
    max: MAX_REPLY,
    optional: true,
    excludes: 'body',
    example: 'Hello',
    description: 'The same as text, whatever it holds.',
  })
  readonly bodyText?: string | null;

  @Text({
    name: 'body_html',
    max: MAX_REPLY_HTML,
    optional: true,
    excludes: 'body',
    example: '<p>Hello</p>',
    description: 'Beside `body_text`: how an e-mail shows it. SMS and chat show `body_text`.',
  })
  readonly bodyHtml?: string | null;

  @EmailList({ ...CC, name: 'cc_emails', description: 'Who else gets it. Conversations by e-mail only.' })
  readonly ccEmails?: readonly string[] | null;

  @EmailList({ ...CC, name: 'bcc_emails', description: 'Who else gets it, unseen. Conversations by e-mail only.' })
  readonly bccEmails?: readonly string[] | null;

  @Flag({ optional: true, example: false, description: 'Whether it is a note, which the contact never sees.' })
  readonly internal?: boolean | null;

  @IdList('file', ATTACHMENTS)
  readonly attachmentIds?: readonly string[];

  @Ref({
    name: 'canned_response_id',
    optional: true,
    description: 'The canned response that it was made of, which counts as used.',
  })
  readonly cannedResponseId?: ObjectRef | null;

  @Uuid({
    ...{ name: 'ai_reply_id', optional: true },
    description: 'The generated reply that it was made of, which counts as used. At most 30 days old.',
  })
  readonly aiReplyId?: string | null;

  @Flag({ optional: true, example: false, description: 'Whether the conversation is closed with it.' })
  readonly close?: boolean | null;

  @Ref({
    name: 'last_seen_id',
    optional: true,
    description: 'The newest item that its author has seen. It is refused with 409 if the team has replied since.',
  })
  readonly lastSeenId?: ObjectRef | null;
}

@RequestSchema('A note for the team.')
@PassesOver(...READ_ONLY_OF_ITEM, 'body_text', 'body_html')
export class NoteBodyDto {
  @Text({ max: MAX_REPLY, example: 'Called her', description: 'What it says.' })
  readonly body!: string;
}

@RequestSchema('Who is to take care of a conversation.')
export class AssignInboxConversationDto {
  @Ref({ name: 'user_id', typeId: 'user', optional: true, description: 'The user; null: nobody.' })
  readonly userId?: ObjectRef | null;
}

@RequestSchema('Two conversations with one contact.')
export class MergeConversationDto {
  @Ref({ name: 'other_id', typeId: 'channel', description: 'The conversation that becomes part of this one.' })
  readonly otherId!: ObjectRef;
}
