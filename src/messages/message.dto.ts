import { Choice, Email, exampleId, Id } from '../platform/common/fields/fields.js';
import { Shown } from '../platform/common/openapi/operation.js';
import { ListQuery } from '../platform/common/pagination/list-query.js';
import { MESSAGE_TYPES, type MessageType } from './message.entity.js';

export class ListMessagesInChannelQuery extends ListQuery('message', { order: 'asc' }) {}

export class ListMessagesQuery extends ListQuery('message') {}

export class ListMessagesBetweenQuery extends ListMessagesQuery {
  @Email()
  readonly email1!: string;

  @Email({ example: 'jane@example.com' })
  readonly email2!: string;
}

const MODES = ['all_participants', 'my_devices'] as const;

export class DeleteMessageQuery {
  @Choice(MODES)
  readonly mode!: (typeof MODES)[number];

  @Id('customer', { name: 'customer_uuid', optional: true, description: 'Whose devices, in the mode my_devices.' })
  readonly customerId?: string;
}

/** A part of a message as it is shown: `body`, or `file_id` and `size`. */
export class MessagePartDto {
  @Shown({ format: 'uuid', description: 'Unique within the message.' })
  readonly id!: string;

  @Shown({ example: 'text/plain' })
  readonly mime_type!: string;

  @Shown({ required: false, example: 'Hello, how are you?' })
  readonly body?: string;

  @Shown({
    required: false,
    enum: ['base64'],
    type: String,
    description: 'How the body is written, where not as text.',
  })
  readonly encoding?: 'base64';

  @Shown({ required: false, example: exampleId('file') })
  readonly file_id?: string;

  @Shown({ required: false, type: 'integer', format: 'int64', example: 1024, description: 'Bytes of the file.' })
  readonly size?: number;
}

export class MessageDto {
  @Shown({ enum: ['message'], type: String })
  readonly object!: 'message';

  @Shown({ example: exampleId('message') })
  readonly id!: string;

  @Shown({ example: exampleId('channel') })
  readonly channel_id!: string;

  @Shown({
    type: String,
    nullable: true,
    example: exampleId('customer'),
    description: 'Null where the customer was deleted.',
  })
  readonly sender_id!: string | null;

  @Shown({ enum: [...MESSAGE_TYPES], type: String })
  readonly type!: MessageType;

  @Shown({ example: 'Hello, how are you?' })
  readonly content!: string;

  @Shown({ type: 'object', additionalProperties: true, nullable: true, example: { priority: 'high' } })
  readonly metadata!: Record<string, unknown> | null;

  @Shown({
    required: false,
    type: [MessagePartDto],
    description:
      'Left out where the message is one `text/plain`, which is its `content`; else `type` and `content` are made of them.',
  })
  readonly parts?: readonly MessagePartDto[];

  @Shown({ type: 'integer', example: 1640995200, description: 'Unix seconds.' })
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}

/** Why a message was not said: it has been, or a request with this Idempotency-Key is still running. */
export class MessageConflictDto {
  @Shown({ example: 'The id is in use' })
  readonly error!: string;

  @Shown({ enum: ['id_in_use', 'idempotency_key_in_use'], type: String })
  readonly code!: string;

  @Shown({ format: 'uri-reference', example: 'https://example.com/docs/errors#id_in_use' })
  readonly doc_url!: string;

  @Shown({ example: 'req_018f' })
  readonly request_id!: string;

  @Shown({
    required: false,
    type: MessageDto,
    description: 'Which message has the id, where the sender sees that one and a key has `messages:read`.',
  })
  readonly data?: MessageDto;
}
