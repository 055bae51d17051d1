import { field } from '../platform/common/fields/field.js';
import { Choice, Email, Id, isUuid, Text } from '../platform/common/fields/fields.js';
import { Metadata } from '../platform/common/fields/metadata.js';
import { MimeType } from '../platform/common/fields/mime-type.js';
import { Nested, NestedList } from '../platform/common/fields/nested.js';
import { MESSAGE_TYPES, type MessageType } from './message.entity.js';
import { NotificationDto } from './notification.dto.js';
import { MAX_BODY_BYTES, MAX_PARTS, MAX_TEXT_CHARACTERS } from './parts.js';

const HELLO = 'Hello, how are you?';
const DERIVED = 'Made of the parts where it is not given.';
/** Characters of base64 for the largest body. */
const MAX_WRITTEN = Math.ceil(MAX_BODY_BYTES / 3) * 4;

/** A part that is all here. How much it may hold, and of what, is seen when the parts are composed. */
export class NewInlinePartDto {
  @field({
    optional: true,
    read: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
    check: (value) => (isUuid(value) ? null : { says: 'must be a UUID.' }),
    schema: { type: String, format: 'uuid', nullable: true, description: 'Unique within the message.' },
  })
  readonly id?: string | null;

  @MimeType({ example: 'text/plain' })
  readonly mimeType!: string;

  @field({
    optional: true,
    check: (value) => (typeof value === 'string' ? null : { says: 'must be a string.' }),
    schema: {
      type: String,
      maxLength: MAX_WRITTEN,
      nullable: true,
      example: HELLO,
      description: `At most ${MAX_TEXT_CHARACTERS} characters; of base64, ${MAX_BODY_BYTES / 1024} KB once decoded. Either it or a file is given.`,
    },
  })
  readonly body?: string | null;

  @Choice(['base64'], { optional: true, description: 'How the body is written, where not as text.' })
  readonly encoding?: string | null;
}

class NewPartDto extends NewInlinePartDto {
  @Id('file', { name: 'file_uuid', optional: true, description: 'Uploaded, and the sender’s to send.' })
  readonly fileId?: string | null;
}

export class SendMessageDto {
  @Id('message', {
    optional: true,
    description: 'A UUID of your own making: sent again, the message is not said again, but answered with a 409.',
  })
  readonly id?: string | null;

  @Id('channel', { name: 'channel_uuid' })
  readonly channelId!: string;

  @Id('customer', { name: 'sender_uuid', description: 'A participant of the channel.' })
  readonly senderId!: string;

  @Choice(MESSAGE_TYPES, { unless: 'parts', description: `${DERIVED} A customer session may not say \`system\`.` })
  readonly type?: MessageType | null;

  @Text({ max: 16_000, example: HELLO, unless: 'parts', description: DERIVED })
  readonly content?: string | null;

  @Metadata()
  readonly metadata?: Record<string, unknown> | null;

  @NestedList(NewPartDto, {
    optional: true,
    min: 1,
    max: MAX_PARTS,
    example: [{ mime_type: 'text/plain', body: HELLO }],
    description: 'What it consists of, where that is more than a content.',
  })
  readonly parts?: readonly NewPartDto[] | null;

  @Nested(NotificationDto, {
    optional: true,
    description: 'What the devices of the other participants are to be told of it; nothing where it is not given.',
  })
  readonly notification?: NotificationDto | null;
}

export class SendToCustomerDto {
  @Choice(MESSAGE_TYPES)
  readonly type!: MessageType;

  @Text({ max: 16_000, example: HELLO })
  readonly content!: string;

  @Metadata()
  readonly metadata?: Record<string, unknown> | null;

  @Email({ name: 'sender_email' })
  readonly senderEmail!: string;

  @Email({ name: 'recipient_email', example: 'jane@example.com' })
  readonly recipientEmail!: string;
}
