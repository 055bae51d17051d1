import { ApiSchema } from '@nestjs/swagger';
import { Id } from '../../platform/common/fields/fields.js';
import {
  ObjectType,
  RequestSchema,
  Shown,
  ShownCount,
  ShownId,
  ShownTime,
} from '../../platform/common/openapi/shown.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { RECEIPT_KINDS } from './receipt.entity.js';

@RequestSchema('Who got or read messages, and how far.')
export class MarkChannelDto {
  @Id('customer', { name: 'customer_uuid', description: 'The customer who got or read the messages, a participant.' })
  readonly customerId!: string;

  @Id('message', {
    name: 'message_uuid',
    optional: true,
    description: 'The last message to mark; every message in the channel if left out.',
  })
  readonly messageId?: string | null;
}

export class ListReceiptsQuery extends ListQuery('customer', { order: 'asc' }) {}

@ApiSchema({ description: 'How far messages of a channel were delivered to a customer, or read.' })
export class ReceiptDto {
  @ObjectType('receipt')
  readonly object!: 'receipt';

  @ShownId('customer', { description: 'The id of the customer who got or read the messages.' })
  readonly customer_id!: string;

  @ShownId('channel', { description: 'The id of the channel.' })
  readonly channel_id!: string;

  @ShownCount({
    example: 42,
    description: 'The position of the last message that was read or delivered; 0 if there is none.',
  })
  readonly position!: number;

  @ShownCount({ example: 0, description: 'How many messages from others the customer has not read.' })
  readonly unread_count!: number;
}

const STATUSES = ['sent', ...RECEIPT_KINDS] as const;

@ApiSchema({ description: 'How far a message has come with one customer.' })
export class MessageReceiptDto {
  @ShownId('customer', { description: 'The id of a customer the message was sent to.' })
  readonly customer_id!: string;

  @Shown({
    enum: [...STATUSES],
    type: String,
    example: 'read',
    description: 'How far the message has come with this customer.',
  })
  readonly status!: (typeof STATUSES)[number];

  @ShownTime({ description: 'When it got this status; for messages older than 90 days this can be later than it was.' })
  readonly at!: number;
}
