import { ApiSchema } from '@nestjs/swagger';
import {
  CONVERSATION_PRIORITIES,
  CONVERSATION_STATUSES,
  type ConversationPriority,
  type ConversationStatus,
} from '../../../delivery/conversations/conversation.entity.js';
import { Choice, Flag } from '../../../platform/common/fields/fields.js';
import { Nested } from '../../../platform/common/fields/nested.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { RequestSchema, ShownCount } from '../../../platform/common/openapi/shown.js';
import { Ref, RefList } from '../http/ref-fields.js';

const MAX_CONVERSATIONS = 100;

@RequestSchema('What conversations get.')
export class BulkConversationSetDto {
  @Choice(CONVERSATION_STATUSES, { optional: true, description: 'The state; `closed` closes them.' })
  readonly status?: ConversationStatus | null;

  @Choice(CONVERSATION_PRIORITIES, { optional: true, description: 'How much they press.' })
  readonly priority?: ConversationPriority | null;

  @Ref({ name: 'user_id', typeId: 'user', optional: true, description: 'Who takes care of them; null: nobody.' })
  readonly userId?: ObjectRef | null;

  @Flag({ name: 'is_starred', optional: true, example: true, description: 'Whether they are starred.' })
  readonly isStarred?: boolean | null;

  @Flag({ name: 'is_pinned', optional: true, example: true, description: 'Whether they are pinned.' })
  readonly isPinned?: boolean | null;

  @Flag({ name: 'is_read', optional: true, example: true, description: 'Whether the team has read them.' })
  readonly isRead?: boolean | null;
}

@RequestSchema('A change of many conversations.')
export class BulkChangeConversationsDto {
  @RefList({
    name: 'conversation_ids',
    typeId: 'channel',
    max: MAX_CONVERSATIONS,
    description: 'Which conversations it is about.',
  })
  readonly conversationIds!: readonly ObjectRef[];

  @Nested(BulkConversationSetDto, { description: 'What they get; what is left out stays.' })
  readonly set!: BulkConversationSetDto;
}

@ApiSchema({ description: 'What came of a change of many conversations.' })
export class BulkChangedConversationsDto {
  @ShownCount({ example: 2, description: 'How many conversations are another than before.' })
  readonly changed!: number;
}
