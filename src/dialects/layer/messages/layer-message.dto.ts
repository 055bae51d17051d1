import { ApiSchema } from '@nestjs/swagger';
import { field } from '../../../platform/common/fields/field.js';
import { Choice } from '../../../platform/common/fields/fields.js';
import { MAX_MIME_TYPE } from '../../../platform/common/fields/mime-type.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { MAX_CONTENT_CHARACTERS } from '../../../messages/parts.js';
import type { ContentObject } from '../content/content-object.js';
import { FromId, PageSize } from '../http/layer-page.js';
import { LayerSenderDto } from '../identities/identity.dto.js';
import { EXAMPLE_UUID, LayerUri, ShownDate, ShownUri, ShownUrl } from '../layer-fields.js';
import { partUri } from '../layer-id.js';
import { STATUSES, type MessageObject, type Nobody, type PartObject, type Status } from './message-object.js';
import { checkNotification, NOTIFICATION_SCHEMA, type NotificationInput } from './notification-input.js';
import { checkParts, PARTS_SCHEMA, type PartInput } from './part-input.js';

@RequestSchema('A new message.')
export class LayerSendMessageDto {
  @field({ check: checkParts, schema: PARTS_SCHEMA })
  readonly parts!: readonly PartInput[];

  @LayerUri('messages', {
    optional: true,
    description: 'An id you choose, so that a retry cannot send the message twice.',
  })
  readonly id?: string | null;

  @field({ optional: true, check: checkNotification, schema: NOTIFICATION_SCHEMA })
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
  @Choice(MODES, {
    optional: true,
    description:
      '`all_participants` deletes the message for everybody, `my_devices` only for the user of the session. Required for messages of conversations; messages of channels are deleted for everybody without it.',
  })
  readonly mode?: (typeof MODES)[number];
}

const RECEIPTS = ['read', 'delivery'] as const;

@RequestSchema('What happened to a message or an announcement.')
export class LayerReceiptDto {
  @Choice(RECEIPTS, { description: '`read` if the user has read it, `delivery` if it has reached a device.' })
  readonly type!: (typeof RECEIPTS)[number];
}

@ApiSchema({ description: 'Uploaded content.' })
export class LayerPartContentDto implements ContentObject {
  @ShownUri('content', { description: 'The Layer URI of the content.' })
  readonly id!: string;

  @ShownCount({ example: 172_114, description: 'The size in bytes.' })
  readonly size!: number;

  @ShownUrl('/files/clt_1/file_1?signature=abc', {
    nullable: true,
    description: 'Where to GET the bytes, without a session, until `expiration`; null until they are uploaded.',
  })
  readonly download_url!: string | null;

  @ShownDate({
    nullable: true,
    description: 'Until when a download can be started; null until the bytes are uploaded.',
  })
  readonly expiration!: string | null;

  @ShownUrl(`/layer/content/${EXAMPLE_UUID}`, { description: 'Where to GET this object with a new `download_url`.' })
  readonly refresh_url!: string;
}

@ApiSchema({ description: 'A part of a message or an announcement.' })
export class LayerPartDto implements PartObject {
  @Shown({
    pattern: '^layer:///(messages|announcements)/[0-9a-f-]{36}/parts/[0-9a-f-]{36}$',
    example: partUri(EXAMPLE_UUID, EXAMPLE_UUID),
    description: 'The Layer URI of the part.',
  })
  readonly id!: string;

  @ShownUrl(`/layer/messages/${EXAMPLE_UUID}/parts/${EXAMPLE_UUID}`, { description: 'The URL of the part.' })
  readonly url!: string;

  @ShownUrl(`/layer/messages/${EXAMPLE_UUID}`, { description: 'The URL of the message the part belongs to.' })
  readonly message_url!: string;

  @Shown({ maxLength: MAX_MIME_TYPE, example: 'text/plain', description: 'The media type of the part.' })
  readonly mime_type!: string;

  @Shown({
    required: false,
    type: String,
    maxLength: MAX_CONTENT_CHARACTERS,
    example: 'Hello!',
    description: 'The content of the part; absent if it is in `content`.',
  })
  readonly body?: string;

  @Shown({
    required: false,
    type: String,
    enum: ['base64'],
    description: '`base64` if `body` holds encoded bytes; absent if it is plain text.',
  })
  readonly encoding?: 'base64';

  @Shown({
    required: false,
    type: LayerPartContentDto,
    description: 'Where the bytes of the part are; absent if it has a `body`.',
  })
  readonly content?: LayerPartContentDto;

  @ShownDate({ description: 'When the part was last changed.' })
  readonly updated_at!: string;
}

@ApiSchema({ description: 'The conversation of a message.' })
class LayerInConversationDto {
  @ShownUri('conversations', { description: 'The Layer URI of the conversation.' })
  readonly id!: string;

  @ShownUrl(`/layer/conversations/${EXAMPLE_UUID}`, { description: 'Where to GET the conversation.' })
  readonly url!: string;
}

@ApiSchema({ description: 'The channel of a message or a membership.' })
export class LayerInChannelDto {
  @ShownUri('channels', { description: 'The Layer URI of the channel.' })
  readonly id!: string;

  @ShownUrl(`/layer/channels/${EXAMPLE_UUID}`, { description: 'Where to GET the channel.' })
  readonly url!: string;
}

@ApiSchema({ description: 'A message, as the user of the session sees it.' })
export class LayerMessageDto implements MessageObject {
  @ShownUri('messages', { description: 'The Layer URI of the message.' })
  readonly id!: string;

  @ShownUrl(`/layer/messages/${EXAMPLE_UUID}`, { description: 'Where to GET the message.' })
  readonly url!: string;

  @ShownUrl(`/layer/messages/${EXAMPLE_UUID}/receipts`, { description: 'Where to POST receipts of the message.' })
  readonly receipts_url!: string;

  @ShownCount({
    example: 15,
    description: 'The place of the message in its conversation or channel; later messages have larger ones.',
  })
  readonly position!: number;

  @Shown({
    type: LayerInConversationDto,
    required: false,
    description: 'The conversation the message was sent in; left out for messages of channels.',
  })
  readonly conversation?: LayerInConversationDto;

  @Shown({
    type: LayerInChannelDto,
    required: false,
    description: 'The channel the message was sent in; left out for messages of conversations.',
  })
  readonly channel?: LayerInChannelDto;

  @Shown({ type: [LayerPartDto], description: 'The parts of the message.' })
  readonly parts!: readonly LayerPartDto[];

  @ShownDate({ description: 'When the message was sent.' })
  readonly sent_at!: string;

  @ShownDate({ description: 'When the server received the message.' })
  readonly received_at!: string;

  @ShownDate({ description: 'When the message was last changed.' })
  readonly updated_at!: string;

  @Shown({ type: LayerSenderDto, description: 'Who sent the message.' })
  readonly sender!: MessageObject['sender'] & (LayerSenderDto | Nobody);

  @Shown({ example: false, description: 'Whether the user of the session has yet to read the message.' })
  readonly is_unread!: boolean;

  @Shown({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...STATUSES] },
    example: { 'layer:///identities/jane': 'read' },
    description: 'How far the message has come with each participant, by identity; `read` for its sender.',
  })
  readonly recipient_status!: Readonly<Record<string, Status>>;
}
