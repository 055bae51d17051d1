import { exampleId } from '../../platform/common/ids/type-id.js';
import { ApiExtraModels, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { ChannelDto } from '../../channels/channel.dto.js';
import { Created, Livemode, ObjectType, Shown, ShownCount, ShownId } from '../../platform/common/openapi/shown.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { CustomerDto } from '../../customers/customer.dto.js';
import { WEBHOOK_EVENTS, type EventType } from '../../platform/outbox/event-types.js';
import { MessageDto } from '../../messages/message.dto.js';

/** All that are listed and sent. */
const TOLD_EVENTS = [...WEBHOOK_EVENTS, 'webhook_endpoint.test'] as const;

export class ListEventsQuery extends ListQuery('event') {}

@ApiSchema({ description: 'A message that was deleted.' })
export class DeletedMessageDto {
  @ObjectType('message')
  readonly object!: 'message';

  @ShownId('message', { description: 'The id of the message.' })
  readonly id!: string;

  @ShownId('channel', { description: 'The id of the channel.' })
  readonly channel_id!: string;

  @Shown({
    enum: ['all_participants', 'my_devices'],
    type: String,
    example: 'all_participants',
    description: '`all_participants` if it was deleted for everybody, `my_devices` if one customer hid it.',
  })
  readonly mode!: 'all_participants' | 'my_devices';

  @Shown({ enum: [true], type: Boolean, description: 'Always true: the object no longer exists.' })
  readonly deleted!: true;
}

@ApiSchema({ description: 'How far a customer has read a channel.' })
export class ReadReceiptDto {
  @ObjectType('receipt')
  readonly object!: 'receipt';

  @ShownId('customer', { description: 'The id of the customer.' })
  readonly customer_id!: string;

  @ShownId('channel', { description: 'The id of the channel.' })
  readonly channel_id!: string;

  @ShownCount({ example: 12, description: 'The position of the last message that was read.' })
  readonly position!: number;

  @ShownId('message', { description: 'The id of the last message that was read.' })
  readonly message_id!: string;
}

@ApiSchema({ description: 'A customer or channel that was deleted.' })
export class DeletedObjectDto {
  @Shown({ enum: ['customer', 'channel'], type: String, description: 'The type of the object that was deleted.' })
  readonly object!: 'customer' | 'channel';

  @Shown({
    maxLength: 30,
    example: exampleId('customer'),
    description: 'The id of the customer or channel that was deleted.',
  })
  readonly id!: string;

  @Shown({ enum: [true], type: Boolean, description: 'Always true: the object no longer exists.' })
  readonly deleted!: true;
}

@ApiSchema({ description: 'A customer who joined or left a channel.' })
export class MemberDto {
  @ObjectType('member')
  readonly object!: 'member';

  @ShownId('channel', { description: 'The id of the channel.' })
  readonly channel_id!: string;

  @ShownId('customer', { description: 'The id of the customer.' })
  readonly customer_id!: string;
}

@ApiSchema({ description: 'The endpoint a test event is for.' })
export class WebhookEndpointReferenceDto {
  @ObjectType('webhook_endpoint')
  readonly object!: 'webhook_endpoint';

  @ShownId('webhook_endpoint', { description: 'The id of the webhook endpoint.' })
  readonly id!: string;
}

const SHAPES = [
  ...[MessageDto, DeletedMessageDto, ReadReceiptDto, ChannelDto, CustomerDto, DeletedObjectDto, MemberDto],
  WebhookEndpointReferenceDto,
];
export type EventObjectDto = InstanceType<(typeof SHAPES)[number]>;

@ApiExtraModels(...SHAPES)
@ApiSchema({ description: 'Something that happened.' })
export class EventDto {
  @ShownId('event', {
    description: 'The id of the event, also sent as the `webhook-id` header: the same in every attempt.',
  })
  readonly id!: string;

  @ObjectType('event')
  readonly object!: 'event';

  @Shown({ enum: [...TOLD_EVENTS], type: String, example: 'message.created', description: 'What happened.' })
  readonly type!: EventType;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;

  @Shown({
    oneOf: SHAPES.map((shape) => ({ $ref: getSchemaPath(shape) })),
    description:
      'The object the event is about: a message as it was then, a channel or customer as it is now, or a `deleted` object if it is gone.',
  })
  readonly data!: EventObjectDto;
}
