import { ApiSchema } from '@nestjs/swagger';
import {
  CONVERSATION_PRIORITIES,
  CONVERSATION_STATUSES,
  type ConversationPriority,
  type ConversationStatus,
} from '../../../delivery/conversations/conversation.entity.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

@ApiSchema({ name: 'InboxContact', description: 'Whom a conversation is with.' })
export class InboxContactDto {
  @ShownNumber('The id of the contact.')
  readonly id!: number;

  @Shown({ type: String, maxLength: 255, example: 'Anna Schmidt', description: 'The name.' })
  readonly name!: string;

  @Shown({ type: String, format: 'email', nullable: true, example: 'anna@example.com', description: 'The e-mail.' })
  readonly email!: string | null;
}

@ApiSchema({ name: 'InboxAssignee', description: 'The user who takes care of a conversation.' })
export class InboxAssigneeDto {
  @ShownNumber('The id of the user.')
  readonly id!: number;

  @Shown({ type: String, maxLength: 255, example: 'Mia', description: 'The name.' })
  readonly name!: string;
}

const SHOWN_TIME = { nullable: true, example: null } as const;

@ApiSchema({ name: 'InboxConversation', description: 'What is said between the workspace and a contact.' })
export class InboxConversationDto {
  @ShownNumber('The id of the conversation.')
  readonly id!: number;

  @ShownUuid('The UUID of the conversation, which is that of its channel.')
  readonly uuid!: string;

  @Shown({ type: String, nullable: true, maxLength: 500, example: 'Invoice', description: 'What it is about.' })
  readonly subject!: string | null;

  @Shown({ type: String, enum: [...CONVERSATION_STATUSES], example: 'open', description: 'Its state.' })
  readonly status!: ConversationStatus;

  @Shown({ type: String, enum: ['email', 'chat', 'sms'], example: 'sms', description: 'What it goes by.' })
  readonly channel!: string;

  @Shown({ type: String, enum: [...CONVERSATION_PRIORITIES], example: 'normal', description: 'How much it presses.' })
  readonly priority!: ConversationPriority;

  @Shown({
    type: InboxContactDto,
    nullable: true,
    description: 'Whom it is with; null if the contact was deleted.',
  })
  readonly contact!: InboxContactDto | null;

  @Shown({ type: InboxAssigneeDto, nullable: true, description: 'Who takes care of it; null if nobody does.' })
  readonly assigned_to!: InboxAssigneeDto | null;

  @Shown({ type: Boolean, example: false, description: 'Whether it is starred.' })
  readonly is_starred!: boolean;

  @Shown({ type: Boolean, example: false, description: 'Whether it is pinned.' })
  readonly is_pinned!: boolean;

  @Shown({ type: Boolean, example: true, description: 'Whether the team has read it.' })
  readonly is_read!: boolean;

  @Shown({ type: Boolean, example: false, description: 'Whether it is answered automatically.' })
  readonly is_ai_handled!: boolean;

  @ShownCount({ example: 0, description: 'How many of its messages the team has not read.' })
  readonly unread_count!: number;

  @ShownCount({ example: 7, description: 'How many messages it has.' })
  readonly messages_count!: number;

  @Shown({ type: String, nullable: true, maxLength: 200, example: 'Thanks!', description: 'How the newest begins.' })
  readonly preview!: string | null;

  @ShownMoment({ ...SHOWN_TIME, description: 'Since when the contact waits for an answer; null if it does not.' })
  readonly waiting_since!: string | null;

  @ShownMoment({
    ...SHOWN_TIME,
    description: 'Until when it is snoozed; null if it is not, or until the contact writes.',
  })
  readonly snoozed_until!: string | null;

  @ShownMoment({ description: 'When something was said last.' })
  readonly last_message_at!: string;

  @ShownMoment({ ...SHOWN_TIME, description: 'When it was closed; null if it is not.' })
  readonly resolved_at!: string | null;

  @CreatedAt()
  readonly created_at!: string;
}
