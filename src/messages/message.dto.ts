import { ApiSchema } from '@nestjs/swagger';
import { Choice, Email, Id } from '../platform/common/fields/fields.js';
import { Created, Livemode, ObjectType, Shown, ShownId } from '../platform/common/openapi/shown.js';
import { MAX_MIME_TYPE } from '../platform/common/fields/mime-type.js';
import { REQUEST_ID } from '../platform/common/http/request-id.js';
import { MAX_CONTENT_CHARACTERS, MAX_PARTS, MAX_BASE64_CHARACTERS } from './parts.js';
import { ListQuery } from '../platform/common/pagination/list-query.js';
import { MESSAGE_TYPES, type MessageType } from './message.entity.js';

export class ListMessagesInChannelQuery extends ListQuery('message', { order: 'asc' }) {}

export class ListMessagesQuery extends ListQuery('message') {}

export class ListMessagesBetweenQuery extends ListMessagesQuery {
  @Email({ description: 'The e-mail address of one of the two customers.' })
  readonly email1!: string;

  @Email({ example: 'jane@example.com', description: 'The e-mail address of the other customer.' })
  readonly email2!: string;
}

const MODES = ['all_participants', 'my_devices'] as const;

export class DeleteMessageQuery {
  @Choice(MODES, {
    description: '`all_participants` deletes the message for everybody, `my_devices` hides it from one customer.',
  })
  readonly mode!: (typeof MODES)[number];

  @Id('customer', {
    name: 'customer_uuid',
    optional: true,
    description: 'The customer to hide the message from: required with `my_devices`, refused with `all_participants`.',
  })
  readonly customerId?: string;
}

@ApiSchema({ description: 'A part of a message: a `body`, or a file.' })
export class MessagePartDto {
  @Shown({
    format: 'uuid',
    example: '01890a5d-ac96-774b-bcce-b302099a8057',
    description: 'The UUID of the part, unique within its message.',
  })
  readonly id!: string;

  @Shown({ maxLength: MAX_MIME_TYPE, example: 'text/plain', description: 'The media type of the part.' })
  readonly mime_type!: string;

  @Shown({
    required: false,
    maxLength: MAX_BASE64_CHARACTERS,
    example: 'Hello, how are you?',
    description: 'The content of the part; absent if the part is a file.',
  })
  readonly body?: string;

  @Shown({
    required: false,
    enum: ['base64'],
    type: String,
    description: '`base64` if `body` holds encoded bytes; absent if it is plain text.',
  })
  readonly encoding?: 'base64';

  @ShownId('file', { required: false, description: 'The id of the file; absent if the part has a `body`.' })
  readonly file_id?: string;

  @Shown({
    required: false,
    type: 'integer',
    format: 'int64',
    minimum: 1,
    example: 1024,
    description: 'The size of the file in bytes; absent if the part has a `body`.',
  })
  readonly size?: number;
}

@ApiSchema({ description: 'A message in a channel.' })
export class MessageDto {
  @ObjectType('message')
  readonly object!: 'message';

  @ShownId('message', { description: 'The id of the message.' })
  readonly id!: string;

  @ShownId('channel', { description: 'The id of the channel the message was sent in.' })
  readonly channel_id!: string;

  @ShownId('customer', {
    nullable: true,
    description: 'The id of the customer who sent the message; null if that customer was deleted.',
  })
  readonly sender_id!: string | null;

  @Shown({
    type: 'integer',
    minimum: 1,
    example: 42,
    description: 'The place of the message in its channel; a later message has a higher position.',
  })
  readonly position!: number;

  @Shown({ enum: [...MESSAGE_TYPES], type: String, example: 'text', description: 'The kind of message.' })
  readonly type!: MessageType;

  @Shown({
    maxLength: MAX_CONTENT_CHARACTERS,
    example: 'Hello, how are you?',
    description: 'The text of the message; for a message of parts, the first text part or a short summary.',
  })
  readonly content!: string;

  @Shown({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { priority: 'high' },
    description: 'The data you sent with the message; null if there was none.',
  })
  readonly metadata!: Record<string, unknown> | null;

  @Shown({
    required: false,
    type: [MessagePartDto],
    maxItems: MAX_PARTS,
    description: 'The parts of the message; absent if it is a single plain text, which is then in `content`.',
  })
  readonly parts?: readonly MessagePartDto[];

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}

/** Why a message was not said: it has been, or a request with this Idempotency-Key is still running. */
@ApiSchema({ description: 'Why the message was not sent.' })
export class MessageConflictDto {
  @Shown({
    type: String,
    maxLength: 255,
    example: 'The id is in use',
    description: 'What went wrong, for people to read.',
  })
  readonly error!: string;

  @Shown({
    enum: ['id_in_use', 'idempotency_key_in_use'],
    type: String,
    example: 'id_in_use',
    description: 'What went wrong, for programs to branch on.',
  })
  readonly code!: string;

  @Shown({
    format: 'uri-reference',
    example: 'https://example.com/docs/errors#id_in_use',
    description: 'A page that explains the code, with its cause and its cure.',
  })
  readonly doc_url!: string;

  @Shown({
    pattern: REQUEST_ID.source,
    example: 'req_018f',
    description: 'The `X-Request-Id` of the answer, which also names the request in the server log.',
  })
  readonly request_id!: string;

  @Shown({
    required: false,
    type: MessageDto,
    description:
      'The message that already has the id; absent if the sender cannot see it or the key lacks `messages:read`.',
  })
  readonly data?: MessageDto;
}
