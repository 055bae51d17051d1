import { exampleId, Id } from '../../platform/common/fields/fields.js';
import { Shown } from '../../platform/common/openapi/operation.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { RECEIPT_KINDS } from './receipt.entity.js';

export class MarkChannelDto {
  @Id('customer', { name: 'customer_uuid', description: 'A participant of the channel.' })
  readonly customerId!: string;

  @Id('message', { name: 'message_uuid', optional: true, description: 'Up to which message; without it, the last.' })
  readonly messageId?: string | null;
}

export class ListReceiptsQuery extends ListQuery('customer', { order: 'asc' }) {}

/** How far a customer has come in a channel. */
export class ReceiptDto {
  @Shown({ enum: ['receipt'], type: String })
  readonly object!: 'receipt';

  @Shown({ example: exampleId('customer') })
  readonly customer_id!: string;

  @Shown({ example: exampleId('channel') })
  readonly channel_id!: string;

  @Shown({ type: 'integer', example: 42, description: 'Everything up to here was read, or delivered.' })
  readonly position!: number;

  @Shown({ type: 'integer', example: 0, description: 'What others said there and this customer has not read.' })
  readonly unread_count!: number;
}

const STATUSES = ['sent', ...RECEIPT_KINDS] as const;

/** How far a message has come with a customer. */
export class MessageReceiptDto {
  @Shown({ example: exampleId('customer') })
  readonly customer_id!: string;

  @Shown({ enum: [...STATUSES], type: String })
  readonly status!: (typeof STATUSES)[number];

  @Shown({
    type: 'integer',
    example: 1640995200,
    description: 'Unix seconds of when it got this status; after 90 days it may be said to have got it later.',
  })
  readonly at!: number;
}
