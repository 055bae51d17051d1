import { ApiSchema } from '@nestjs/swagger';
import { UnixTime } from '../../platform/common/fields/fields.js';
import {
  Created,
  Livemode,
  ObjectType,
  RequestSchema,
  Shown,
  ShownCount,
  ShownId,
  ShownTime,
} from '../../platform/common/openapi/shown.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { WEBHOOK_EVENTS } from '../../platform/outbox/event-types.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from './webhook-delivery.entity.js';

export class ListWebhookDeliveriesQuery extends ListQuery('webhook_delivery') {}

@RequestSchema('Which events to recover.')
export class RecoverWebhookEndpointDto {
  @UnixTime({
    example: 1_735_689_600,
    description: 'Recover the events since then, in Unix seconds; events older than seven days are gone.',
  })
  readonly since!: Date;
}

@ApiSchema({ description: 'The delivery of one event to one endpoint.' })
export class WebhookDeliveryDto {
  @ObjectType('webhook_delivery')
  readonly object!: 'webhook_delivery';

  @ShownId('webhook_delivery', { description: 'The id of the webhook delivery.' })
  readonly id!: string;

  @ShownId('webhook_endpoint', { description: 'The id of the webhook endpoint.' })
  readonly endpoint_id!: string;

  @ShownId('event', { description: 'The id of the event that is delivered.' })
  readonly event_id!: string;

  @Shown({
    enum: [...WEBHOOK_EVENTS, 'webhook_endpoint.test'],
    type: String,
    example: 'message.created',
    description: 'The type of the event that is delivered.',
  })
  readonly event_type!: string;

  @Shown({
    enum: [...DELIVERY_STATUSES],
    type: String,
    example: 'delivered',
    description: '`pending` while attempts are left, `delivered` after a 2xx, `failed` after ten attempts.',
  })
  readonly status!: DeliveryStatus;

  @ShownCount({ example: 1, description: 'How many attempts were made.' })
  readonly attempts!: number;

  @ShownTime({ nullable: true, example: null, description: 'When the next attempt is due; null if there is none.' })
  readonly next_attempt_at!: number | null;

  @ShownTime({ nullable: true, description: 'When the last attempt was made; null before the first.' })
  readonly last_attempt_at!: number | null;

  @Shown({
    type: 'integer',
    minimum: 100,
    maximum: 599,
    nullable: true,
    example: 200,
    description: 'The HTTP status that answered the last attempt; null if there was no answer.',
  })
  readonly response_status!: number | null;

  @Shown({
    type: String,
    maxLength: 1_024,
    nullable: true,
    example: 'ok',
    description: 'The first KB of the answer to the last attempt; null if there was no answer.',
  })
  readonly response_body!: string | null;

  @ShownCount({
    nullable: true,
    example: 42,
    description: 'How long the last attempt took, in milliseconds; null before the first.',
  })
  readonly latency_ms!: number | null;

  @Shown({
    type: String,
    maxLength: 1_024,
    nullable: true,
    example: null,
    description: 'Why the last attempt got no complete answer; null if it did.',
  })
  readonly error!: string | null;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}

@ApiSchema({ description: 'A recovery that has begun.' })
export class WebhookRecoveryDto {
  @ObjectType('webhook_recovery')
  readonly object!: 'webhook_recovery';

  @ShownId('webhook_endpoint', { description: 'The id of the webhook endpoint.' })
  readonly endpoint_id!: string;

  @ShownTime({ description: 'From when on events are recovered.' })
  readonly since!: number;

  @ShownCount({ example: 3, description: 'How many deliveries will be made.' })
  readonly count!: number;
}
