import { RequestSchema } from '../platform/common/openapi/shown.js';
import { field } from '../platform/common/fields/field.js';
import { isUuid } from '../platform/common/ids/type-id.js';
import { Choice, Email, Id, Text } from '../platform/common/fields/fields.js';
import { Metadata } from '../platform/common/fields/metadata.js';
import { MimeType } from '../platform/common/fields/mime-type.js';
import { Nested, NestedList } from '../platform/common/fields/nested.js';
import { MESSAGE_TYPES, type MessageType } from './message.entity.js';
import { NotificationDto } from './notification.dto.js';
import {
  MAX_BODY_BYTES,
  MAX_CONTENT_CHARACTERS,
  MAX_PARTS,
  MAX_TEXT_CHARACTERS,
  MAX_BASE64_CHARACTERS,
} from './parts.js';

const HELLO = 'Hello, how are you?';
const DERIVED = 'Derived from the parts if left out.';

/** A part that is all here. How much it may hold, and of what, is seen when the parts are composed. */
@RequestSchema('A part of a new announcement.')
export class NewInlinePartDto {
  @field({
    optional: true,
    read: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
    check: (value) => (isUuid(value) ? null : { says: 'must be a UUID.' }),
    schema: {
      type: String,
      format: 'uuid',
      nullable: true,
      description: 'A UUID for the part, unique within the message; one is generated if left out.',
    },
  })
  readonly id?: string | null;

  @MimeType({ example: 'text/plain', description: 'The media type of the part.' })
  readonly mimeType!: string;

  @field({
    optional: true,
    check: (value) => (typeof value === 'string' ? null : { says: 'must be a string.' }),
    schema: {
      type: String,
      maxLength: MAX_BASE64_CHARACTERS,
      nullable: true,
      example: HELLO,
      description: `The content: text of at most ${MAX_TEXT_CHARACTERS} characters, or base64 of at most ${MAX_BODY_BYTES / 1024} KB decoded. Send either this or a file.`,
    },
  })
  readonly body?: string | null;

  @Choice(['base64'], {
    optional: true,
    description: '`base64` if `body` holds encoded bytes; leave out for plain text.',
  })
  readonly encoding?: string | null;
}

@RequestSchema('A part of a new message.')
class NewPartDto extends NewInlinePartDto {
  @Id('file', {
    name: 'file_uuid',
    optional: true,
    description: 'An uploaded file that the sender may use. Send either this or `body`.',
  })
  readonly fileId?: string | null;
}

@RequestSchema('A new message: a `type` and `content`, or `parts`.')
export class SendMessageDto {
  @Id('message', {
    optional: true,
    description:
      'An id you choose, so that a retry cannot send the message twice: a second request with it is answered with 409.',
  })
  readonly id?: string | null;

  @Id('channel', { name: 'channel_uuid', description: 'The channel to send the message in.' })
  readonly channelId!: string;

  @Id('customer', {
    name: 'sender_uuid',
    description: 'The customer who sends the message, a participant of the channel.',
  })
  readonly senderId!: string;

  @Choice(MESSAGE_TYPES, {
    unless: 'parts',
    description: `The kind of message. ${DERIVED} A session cannot send \`system\`.`,
  })
  readonly type?: MessageType | null;

  @Text({
    max: MAX_CONTENT_CHARACTERS,
    example: HELLO,
    unless: 'parts',
    description: `The text of the message. ${DERIVED}`,
  })
  readonly content?: string | null;

  @Metadata()
  readonly metadata?: Record<string, unknown> | null;

  @NestedList(NewPartDto, {
    optional: true,
    min: 1,
    max: MAX_PARTS,
    example: [{ mime_type: 'text/plain', body: HELLO }],
    description: 'The parts of the message, for anything more than a single text.',
  })
  readonly parts?: readonly NewPartDto[] | null;

  @Nested(NotificationDto, {
    optional: true,
    description: 'The push notification for the other participants; none is sent if left out.',
  })
  readonly notification?: NotificationDto | null;
}

@RequestSchema('A new message between two customers.')
export class SendToCustomerDto {
  @Choice(MESSAGE_TYPES, { description: 'The kind of message.' })
  readonly type!: MessageType;

  @Text({ max: MAX_CONTENT_CHARACTERS, example: HELLO, description: 'The text of the message.' })
  readonly content!: string;

  @Metadata()
  readonly metadata?: Record<string, unknown> | null;

  @Email({ name: 'sender_email', description: 'The e-mail address of the customer who sends the message.' })
  readonly senderEmail!: string;

  @Email({
    name: 'recipient_email',
    example: 'jane@example.com',
    description: 'The e-mail address of the customer who gets it.',
  })
  readonly recipientEmail!: string;
}
