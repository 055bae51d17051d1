import { field } from '../../../platform/common/fields/field.js';
import { Choice } from '../../../platform/common/fields/fields.js';
import { Shown } from '../../../platform/common/openapi/operation.js';
import type { ContentObject } from '../content/content-object.js';
import { FromId, PageSize } from '../http/layer-page.js';
import { EXAMPLE_UUID, LayerUri } from '../layer-fields.js';
import { layerUri, partUri } from '../layer-id.js';
import { STATUSES, type MessageObject, type Nobody, type PartObject, type Status } from './message-object.js';
import { checkNotification, type NotificationInput } from './notification-input.js';
import { checkParts, type PartInput } from './part-input.js';

const MOMENT = { type: String, format: 'date-time', example: '2026-11-21T10:00:00.000Z' } as const;
const URL_TEXT = { type: String, format: 'uri' } as const;

export class LayerSendMessageDto {
  @field({
    check: checkParts,
    schema: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: {
        type: 'object',
        required: ['mime_type'],
        properties: {
          id: { type: 'string', nullable: true, description: 'Its Layer URI or a UUID, unique within the message.' },
          mime_type: { type: 'string', maxLength: 255, example: 'text/plain' },
          body: {
            type: 'string',
            nullable: true,
            example: 'Hello!',
            description: 'At most 2,048 characters; of base64, 2 KB once decoded.',
          },
          encoding: { type: 'string', nullable: true, enum: ['base64', null] },
          content: {
            type: 'object',
            nullable: true,
            description: 'Instead of a body: what was uploaded.',
            required: ['id'],
            properties: { id: { type: 'string' }, size: { type: 'integer' } },
          },
        },
      },
    },
  })
  readonly parts!: readonly PartInput[];

  @LayerUri('messages', { optional: true, description: 'To send it again without saying it twice.' })
  readonly id?: string | null;

  @field({
    optional: true,
    check: checkNotification,
    schema: {
      type: 'object',
      nullable: true,
      description: 'What the devices of those show who have no page open. Without it, they show nothing.',
      properties: {
        title: { type: 'string', nullable: true },
        text: { type: 'string', nullable: true },
        sound: { type: 'string', nullable: true },
        category: { type: 'string', nullable: true },
        data: { type: 'object', nullable: true, additionalProperties: true },
        recipients: {
          type: 'object',
          nullable: true,
          description: 'Another title, text or sound for some, by identity.',
          additionalProperties: { type: 'object', additionalProperties: true },
        },
      },
    },
  })
  readonly notification?: NotificationInput | null;
}

export class LayerListMessagesQuery {
  @PageSize()
  readonly pageSize: number = 100;

  @FromId('messages')
  readonly fromId?: string | null;
}

const MODES = ['all_participants', 'my_devices'] as const;

export class LayerDeleteMessageQuery {
  @Choice(MODES)
  readonly mode!: (typeof MODES)[number];
}

const RECEIPTS = ['read', 'delivery'] as const;

export class LayerReceiptDto {
  @Choice(RECEIPTS)
  readonly type!: (typeof RECEIPTS)[number];
}

/** Whoever is erased has no id any more. */
export class LayerSenderDto {
  @Shown({ type: String, nullable: true, example: 'layer:///identities/jane' })
  readonly id!: string | null;

  @Shown({ ...URL_TEXT, nullable: true, example: 'https://chat.example.com/layer/identities/jane' })
  readonly url!: string | null;

  @Shown({ type: String, nullable: true, example: 'jane' })
  readonly user_id!: string | null;

  @Shown({ example: 'Jane Doe' })
  readonly display_name!: string;

  @Shown({ type: String, nullable: true })
  readonly avatar_url!: string | null;
}

export class LayerPartContentDto implements ContentObject {
  @Shown({ example: layerUri('content', EXAMPLE_UUID) })
  readonly id!: string;

  @Shown({ type: 'integer', example: 172_114, description: 'Bytes.' })
  readonly size!: number;

  @Shown({ ...URL_TEXT, nullable: true, description: 'Where to GET the bytes, without a session, until `expiration`.' })
  readonly download_url!: string | null;

  @Shown({ ...MOMENT, nullable: true })
  readonly expiration!: string | null;

  @Shown({ ...URL_TEXT, description: 'Where to GET a newer `download_url`.' })
  readonly refresh_url!: string;
}

export class LayerPartDto implements PartObject {
  @Shown({ example: partUri(EXAMPLE_UUID, EXAMPLE_UUID) })
  readonly id!: string;

  @Shown(URL_TEXT)
  readonly url!: string;

  @Shown(URL_TEXT)
  readonly message_url!: string;

  @Shown({ example: 'text/plain' })
  readonly mime_type!: string;

  @Shown({ required: false, type: String, example: 'Hello!' })
  readonly body?: string;

  @Shown({ required: false, type: String, enum: ['base64'] })
  readonly encoding?: 'base64';

  @Shown({ required: false, type: LayerPartContentDto, description: 'Instead of a body.' })
  readonly content?: LayerPartContentDto;

  @Shown(MOMENT)
  readonly updated_at!: string;
}

class LayerInConversationDto {
  @Shown({ example: layerUri('conversations', EXAMPLE_UUID) })
  readonly id!: string;

  @Shown(URL_TEXT)
  readonly url!: string;
}

export class LayerMessageDto implements MessageObject {
  @Shown({ example: layerUri('messages', EXAMPLE_UUID) })
  readonly id!: string;

  @Shown(URL_TEXT)
  readonly url!: string;

  @Shown(URL_TEXT)
  readonly receipts_url!: string;

  @Shown({ type: 'integer', example: 15, description: 'Rises with each message of the conversation.' })
  readonly position!: number;

  @Shown({ type: LayerInConversationDto })
  readonly conversation!: LayerInConversationDto;

  @Shown({ type: [LayerPartDto] })
  readonly parts!: readonly LayerPartDto[];

  @Shown(MOMENT)
  readonly sent_at!: string;

  @Shown(MOMENT)
  readonly received_at!: string;

  @Shown(MOMENT)
  readonly updated_at!: string;

  @Shown({ type: LayerSenderDto })
  readonly sender!: MessageObject['sender'] & (LayerSenderDto | Nobody);

  @Shown({ example: false, description: 'Whether whoever asks has yet to read it.' })
  readonly is_unread!: boolean;

  @Shown({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...STATUSES] },
    example: { 'layer:///identities/jane': 'read' },
    description: 'How far it has come with each it was said to, by identity; with its sender, it is read.',
  })
  readonly recipient_status!: Readonly<Record<string, Status>>;
}
