import { exampleId } from '../../platform/common/ids/type-id.js';
import type { Type } from '@nestjs/common';
import { ApiExtraModels, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { ChannelDto } from '../../channels/channel.dto.js';
import { Created, Livemode, ObjectType, Shown, ShownCount, ShownId } from '../../platform/common/openapi/shown.js';
import { Union } from '../../platform/common/openapi/union.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { CustomerDto } from '../../customers/customer.dto.js';
import type { WEBHOOK_EVENTS, EventType } from '../../platform/outbox/event-types.js';
import { MessageDto } from '../../messages/message.dto.js';
import { DeliveryDto, OptOutEventDto } from './delivery-event.dto.js';

/** All that are listed and sent. */
type ToldEvent = (typeof WEBHOOK_EVENTS)[number] | 'webhook_endpoint.test';

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

const CHANNEL = [ChannelDto, DeletedObjectDto];
const CUSTOMER = [CustomerDto, DeletedObjectDto];

/** What each event says happened, and the schemas of its `data`. */
const EVENTS = {
  'message.created': { says: 'A message was sent. `data` is the message as it was then.', data: [MessageDto] },
  'message.deleted': {
    says: 'A message was deleted for everybody or hidden by a customer.',
    data: [DeletedMessageDto],
  },
  'message.read': { says: 'A customer read a channel up to a message.', data: [ReadReceiptDto] },
  'channel.created': { says: 'A channel was created. `data` is the channel as it is now.', data: CHANNEL },
  'channel.updated': { says: 'A channel was changed. `data` is the channel as it is now.', data: CHANNEL },
  'channel.deleted': { says: 'A channel was deleted with its messages.', data: [DeletedObjectDto] },
  'customer.created': { says: 'A customer was created. `data` is the customer as it is now.', data: CUSTOMER },
  'customer.updated': { says: 'A customer was changed. `data` is the customer as it is now.', data: CUSTOMER },
  'customer.deleted': { says: 'A customer was deleted.', data: CUSTOMER },
  'member.joined': { says: 'A customer became a member of a channel.', data: [MemberDto] },
  'member.left': { says: 'A customer is no longer a member of a channel.', data: [MemberDto] },
  'delivery.created': {
    says: 'A text message came in, or is about to go out. `data` is its delivery as it was then.',
    data: [DeliveryDto],
  },
  'delivery.updated': {
    says: 'The status of a text message changed. `data` is its delivery as it was then.',
    data: [DeliveryDto],
  },
  'opt_out.created': { says: 'Somebody must not be sent text messages any more.', data: [OptOutEventDto] },
  'opt_out.ended': { says: 'Somebody may be sent text messages again.', data: [OptOutEventDto] },
  'webhook_endpoint.test': {
    says: 'The test of a webhook endpoint was asked for.',
    data: [WebhookEndpointReferenceDto],
  },
} as const satisfies Readonly<Record<ToldEvent, DescribedEvent>>;

export type EventObjectDto = InstanceType<(typeof EVENTS)[keyof typeof EVENTS]['data'][number]>;

class EventBase {
  @ShownId('event', {
    description: 'The id of the event, also sent as the `webhook-id` header: the same in every attempt.',
  })
  readonly id!: string;

  @ObjectType('event')
  readonly object!: 'event';

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}

/** What a type of event says happened, and the schemas of its `data`. */
export interface DescribedEvent {
  readonly says: string;
  readonly data: readonly Type[];
}

/** By type, as documents have it. */
export type EventSchemas = ReadonlyMap<string, { readonly schema: Type; readonly says: string }>;

/** The schema of one type of event: `message.created` is a MessageCreatedEvent. */
function schemaOf(type: string, { says, data }: DescribedEvent): Type {
  class One extends EventBase {}
  const description = 'The object the event is about, `deleted` if it is gone since.';
  const shapes = data.map((shape) => ({ $ref: getSchemaPath(shape) }));
  // What the compiler notes of a property that is written out.
  Reflect.defineMetadata('design:type', Object, One.prototype, 'data');
  Shown({ type: String, enum: [type], description: says })(One.prototype, 'type');
  Shown({ ...(shapes.length === 1 ? { allOf: shapes } : { oneOf: shapes }), description })(One.prototype, 'data');
  ApiExtraModels(...data)(One);
  ApiSchema({ description: says })(One);
  const words = type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  Object.defineProperty(One, 'name', { value: `${words.join('')}EventDto` });
  return One;
}

export function describeEvents(events: Readonly<Record<string, DescribedEvent>>): EventSchemas {
  return new Map(
    Object.entries(events).map(([type, event]) => [type, { schema: schemaOf(type, event), says: event.says }]),
  );
}

/** The schema of each type of event, and what it says happened. */
export const EVENT_SCHEMAS = describeEvents(EVENTS);

@Union(
  'type',
  Object.fromEntries([...EVENT_SCHEMAS].map(([type, { schema }]) => [type, schema])),
  'Something that happened. Its `type` says what, and what its `data` is.',
)
export class EventDto extends EventBase {
  readonly type!: EventType;
  readonly data!: EventObjectDto;
}
