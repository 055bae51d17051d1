import { field } from '../../../platform/common/fields/field.js';
import { Choice, Flag } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import { Shown } from '../../../platform/common/openapi/operation.js';
import { FromId, PageSize } from '../http/layer-page.js';
import { LayerBasicIdentityDto } from '../identities/identity.dto.js';
import { EXAMPLE_UUID, LayerUri } from '../layer-fields.js';
import { layerUri } from '../layer-id.js';
import { LayerMessageDto } from '../messages/layer-message.dto.js';
import { checkConversationMetadata } from './conversation-metadata.js';
import type { ConversationObject } from './conversation-object.js';
import { SORTS } from './conversation-row.js';
import { checkParticipants, MAX_PARTICIPANTS, type ParticipantInput } from './participants.js';

const MOMENT = { type: String, format: 'date-time', example: '2026-11-21T10:00:00.000Z' } as const;
const URL_TEXT = { type: String, format: 'uri' } as const;
const LAST = {
  type: LayerMessageDto,
  nullable: true,
  description: 'Null where there is none that whoever asks sees.',
};
const METADATA = { type: 'object', additionalProperties: true, example: { title: 'Lunch' } } as const;

export class CreateConversationDto {
  @field({
    check: checkParticipants,
    schema: {
      type: 'array',
      maxItems: MAX_PARTICIPANTS,
      items: { type: 'string' },
      example: ['layer:///identities/jane', 'john'],
      description: 'Identities or user ids; whoever asks is one of them anyway. Who is not there yet is made.',
    },
  })
  readonly participants!: readonly ParticipantInput[];

  @Flag({
    example: true,
    optional: true,
    description: 'Whether it is the one conversation of these participants; true where it is left out.',
  })
  readonly distinct?: boolean | null;

  @field({
    optional: true,
    check: checkConversationMetadata,
    schema: { ...METADATA, nullable: true, description: 'Texts, or objects of texts; at most 16 KB.' },
  })
  readonly metadata?: Readonly<Record<string, unknown>> | null;

  @LayerUri('conversations', { optional: true, description: 'As whoever makes it calls it.' })
  readonly id?: string | null;
}

export class ListConversationsQuery {
  @PageSize()
  readonly pageSize: number = 100;

  @FromId('conversations')
  readonly fromId?: string | null;

  @Choice(SORTS, { name: 'sort_by', optional: true, description: 'By what; the newest come first.' })
  readonly sortBy: (typeof SORTS)[number] = 'created_at';
}

const MODES = ['all_participants', 'my_devices'] as const;
const FLAGS = ['true', 'false'] as const;

export class DeleteConversationQuery {
  @Choice(MODES, { optional: true, description: 'Required, but for `destroy`.' })
  readonly mode?: (typeof MODES)[number];

  @Choice(FLAGS, { optional: true, description: 'In the mode my_devices: whether to leave it as well.' })
  readonly leave?: (typeof FLAGS)[number];

  @Choice(FLAGS, { optional: true, description: 'Deprecated: true is the mode all_participants.' })
  readonly destroy?: (typeof FLAGS)[number];
}

export class MarkAllReadDto {
  @Integer({
    min: 0,
    max: 2_147_483_647,
    example: 15,
    optional: true,
    description: 'Up to and with which message; all where it is left out or null.',
  })
  readonly position?: number | null;
}

export class LayerConversationDto implements ConversationObject {
  @Shown({ example: layerUri('conversations', EXAMPLE_UUID) })
  readonly id!: string;

  @Shown(URL_TEXT)
  readonly url!: string;

  @Shown(URL_TEXT)
  readonly messages_url!: string;

  @Shown(MOMENT)
  readonly created_at!: string;

  @Shown(LAST)
  readonly last_message!: LayerMessageDto | null;

  @Shown({ type: [LayerBasicIdentityDto], description: 'Nobody, for who is no participant any more.' })
  readonly participants!: readonly LayerBasicIdentityDto[];

  @Shown({ example: true })
  readonly distinct!: boolean;

  @Shown({ type: 'integer', minimum: 0, example: 3 })
  readonly unread_message_count!: number;

  @Shown({
    type: 'integer',
    minimum: 0,
    example: 40,
    description: 'Without those that whoever asks deleted for itself.',
  })
  readonly total_message_count!: number;

  @Shown(METADATA)
  readonly metadata!: Readonly<Record<string, unknown>>;
}
