import { ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import { ChannelDto } from '../../channels/channel.dto.js';
import { exampleId } from '../../platform/common/fields/fields.js';
import { Shown } from '../../platform/common/openapi/operation.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { CustomerDto } from '../../customers/customer.dto.js';
import { WEBHOOK_EVENTS, type EventType } from '../../platform/outbox/event-types.js';
import { MessageDto } from '../../messages/message.dto.js';

/** All that are listed and sent. */
const TOLD_EVENTS = [...WEBHOOK_EVENTS, 'webhook_endpoint.test'] as const;

export class ListEventsQuery extends ListQuery('event') {}

export class DeletedMessageDto {
  @Shown({ enum: ['message'], type: String })
  readonly object!: 'message';

  @Shown({ example: exampleId('message') })
  readonly id!: string;

  @Shown({ example: exampleId('channel') })
  readonly channel_id!: string;

  @Shown({
    enum: ['all_participants', 'my_devices'],
    type: String,
    description: 'Gone for everybody, or hidden from the customer who deleted it.',
  })
  readonly mode!: 'all_participants' | 'my_devices';

  @Shown({ enum: [true], type: Boolean })
  readonly deleted!: true;
}

export class ReadReceiptDto {
  @Shown({ enum: ['receipt'], type: String })
  readonly object!: 'receipt';

  @Shown({ example: exampleId('customer') })
  readonly customer_id!: string;

  @Shown({ example: exampleId('channel') })
  readonly channel_id!: string;

  @Shown({ type: 'integer', example: 12, description: 'Everything up to here.' })
  readonly position!: number;

  @Shown({ example: exampleId('message') })
  readonly message_id!: string;
}

/** What was there at the time, and is gone since. */
export class DeletedObjectDto {
  @Shown({ enum: ['customer', 'channel'], type: String })
  readonly object!: 'customer' | 'channel';

  @Shown({ example: exampleId('customer'), description: 'The customer’s, or the channel’s.' })
  readonly id!: string;

  @Shown({ enum: [true], type: Boolean })
  readonly deleted!: true;
}

export class MemberDto {
  @Shown({ enum: ['member'], type: String })
  readonly object!: 'member';

  @Shown({ example: exampleId('channel') })
  readonly channel_id!: string;

  @Shown({ example: exampleId('customer') })
  readonly customer_id!: string;
}

export class WebhookEndpointReferenceDto {
  @Shown({ enum: ['webhook_endpoint'], type: String })
  readonly object!: 'webhook_endpoint';

  @Shown({ example: exampleId('webhook_endpoint') })
  readonly id!: string;
}

const SHAPES = [
  ...[MessageDto, DeletedMessageDto, ReadReceiptDto, ChannelDto, CustomerDto, DeletedObjectDto, MemberDto],
  WebhookEndpointReferenceDto,
];
export type EventObjectDto = InstanceType<(typeof SHAPES)[number]>;

@ApiExtraModels(...SHAPES)
export class EventDto {
  @Shown({ example: exampleId('event'), description: 'Also the `webhook-id`: the same in every attempt.' })
  readonly id!: string;

  @Shown({ enum: ['event'], type: String })
  readonly object!: 'event';

  @Shown({ enum: [...TOLD_EVENTS], type: String })
  readonly type!: EventType;

  @Shown({ type: 'integer', example: 1640995200, description: 'Unix seconds.' })
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;

  @Shown({
    oneOf: SHAPES.map((shape) => ({ $ref: getSchemaPath(shape) })),
    description: 'A message as it was; a channel or customer as it is now, `deleted` where it is gone.',
  })
  readonly data!: EventObjectDto;
}
