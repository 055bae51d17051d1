import { ApiSchema } from '@nestjs/swagger';
import { field } from '../../../platform/common/fields/field.js';
import { Choice, Flag } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { FromId, PageSize } from '../http/layer-page.js';
import { LayerBasicIdentityDto, MAX_URI } from '../identities/identity.dto.js';
import { EXAMPLE_UUID, LayerUri, ShownDate, ShownUri, ShownUrl } from '../layer-fields.js';
import { LayerMessageDto } from '../messages/layer-message.dto.js';
import { checkConversationMetadata } from './conversation-metadata.js';
import type { ConversationObject } from './conversation-object.js';
import { SORTS } from './conversation-row.js';
import { checkParticipants, MAX_PARTICIPANTS, type ParticipantInput } from './participants.js';

const LAST = {
  type: LayerMessageDto,
  nullable: true,
  description: 'The latest message that the user of the session can see; null if there is none.',
};
const METADATA = { type: 'object', additionalProperties: true, example: { title: 'Lunch' } } as const;

@RequestSchema('A new conversation.')
export class CreateConversationDto {
  @field({
    check: checkParticipants,
    schema: {
      type: 'array',
      maxItems: MAX_PARTICIPANTS,
      items: { type: 'string', minLength: 1, maxLength: MAX_URI },
      example: ['layer:///identities/jane', 'john'],
      description:
        'The participants, by Layer URI or user id. The user of the session is always one; unknown users are created.',
    },
  })
  readonly participants!: readonly ParticipantInput[];

  @Flag({
    example: true,
    optional: true,
    description: 'True, the default, for the one distinct conversation of these participants; false for a further one.',
  })
  readonly distinct?: boolean | null;

  @field({
    optional: true,
    check: checkConversationMetadata,
    schema: {
      ...METADATA,
      nullable: true,
      description: 'Your own data: strings, or objects of strings; at most 16 KB as JSON.',
    },
  })
  readonly metadata?: Readonly<Record<string, unknown>> | null;

  @LayerUri('conversations', {
    optional: true,
    description: 'An id you choose, so that a retry cannot create the conversation twice.',
  })
  readonly id?: string | null;
}

export class ListConversationsQuery {
  @PageSize()
  readonly pageSize: number = 100;

  @FromId('conversations')
  readonly fromId?: string | null;

  @Choice(SORTS, {
    name: 'sort_by',
    optional: true,
    description: 'The order: newest by creation (the default), or by the latest message.',
  })
  readonly sortBy: (typeof SORTS)[number] = 'created_at';
}

const MODES = ['all_participants', 'my_devices'] as const;
const FLAGS = ['true', 'false'] as const;

export class DeleteConversationQuery {
  @Choice(MODES, {
    optional: true,
    description:
      '`all_participants` deletes it for everybody, `my_devices` for the user of the session; required without `destroy`.',
  })
  readonly mode?: (typeof MODES)[number];

  @Choice(FLAGS, { optional: true, description: 'With `my_devices`: whether the user also leaves the conversation.' })
  readonly leave?: (typeof FLAGS)[number];

  @Choice(FLAGS, { optional: true, description: 'Deprecated: `true` means `mode=all_participants`.' })
  readonly destroy?: (typeof FLAGS)[number];
}

@RequestSchema('How far a conversation was read.')
export class MarkAllReadDto {
  @Integer({
    min: 0,
    max: 2_147_483_647,
    example: 15,
    optional: true,
    description: 'The position of the last message to mark as read; all messages if left out or null.',
  })
  readonly position?: number | null;
}

@ApiSchema({ description: 'A conversation, as the user of the session sees it.' })
export class LayerConversationDto implements ConversationObject {
  @ShownUri('conversations', { description: 'The Layer URI of the conversation.' })
  readonly id!: string;

  @ShownUrl(`/layer/conversations/${EXAMPLE_UUID}`, { description: 'Where to GET the conversation.' })
  readonly url!: string;

  @ShownUrl(`/layer/conversations/${EXAMPLE_UUID}/messages`, { description: 'Where the messages of it are.' })
  readonly messages_url!: string;

  @ShownDate({ description: 'When the conversation was created.' })
  readonly created_at!: string;

  @Shown(LAST)
  readonly last_message!: LayerMessageDto | null;

  @Shown({ type: [LayerBasicIdentityDto], description: 'The participants; empty for a user who has left.' })
  readonly participants!: readonly LayerBasicIdentityDto[];

  @Shown({ example: true, description: 'Whether this is the one distinct conversation of its participants.' })
  readonly distinct!: boolean;

  @ShownCount({ example: 3, description: 'How many messages the user of the session has not read.' })
  readonly unread_message_count!: number;

  @ShownCount({ example: 40, description: 'How many messages there are, without those the user deleted.' })
  readonly total_message_count!: number;

  @Shown({ ...METADATA, description: 'Your own data for the conversation; empty if there is none.' })
  readonly metadata!: Readonly<Record<string, unknown>>;
}
