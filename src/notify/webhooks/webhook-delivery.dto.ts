import { exampleId, UnixTime } from '../../platform/common/fields/fields.js';
import { Shown } from '../../platform/common/openapi/operation.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { WEBHOOK_EVENTS } from '../../platform/outbox/event-types.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from './webhook-delivery.entity.js';

const MOMENT = { type: 'integer', format: 'int64', example: 1_735_689_600 } as const;

export class ListWebhookDeliveriesQuery extends ListQuery('webhook_delivery') {}

export class RecoverWebhookEndpointDto {
  @UnixTime({ example: 1_735_689_600, description: 'The first moment to recover, in Unix seconds.' })
  readonly since!: Date;
}

export class WebhookDeliveryDto {
  @Shown({ enum: ['webhook_delivery'], type: String })
  readonly object!: 'webhook_delivery';

  @Shown({ example: exampleId('webhook_delivery') })
  readonly id!: string;

  @Shown({ example: exampleId('webhook_endpoint') })
  readonly endpoint_id!: string;

  @Shown({ example: exampleId('event') })
  readonly event_id!: string;

  @Shown({ enum: [...WEBHOOK_EVENTS, 'webhook_endpoint.test'], type: String })
  readonly event_type!: string;

  @Shown({ enum: [...DELIVERY_STATUSES], type: String, description: 'Failed: after ten attempts.' })
  readonly status!: DeliveryStatus;

  @Shown({ type: 'integer', example: 1 })
  readonly attempts!: number;

  @Shown({ ...MOMENT, nullable: true, example: null, description: 'Null where there is none.' })
  readonly next_attempt_at!: number | null;

  @Shown({ ...MOMENT, nullable: true })
  readonly last_attempt_at!: number | null;

  @Shown({ type: 'integer', nullable: true, example: 200, description: 'Of the last attempt; null: no answer.' })
  readonly response_status!: number | null;

  @Shown({ type: String, nullable: true, example: 'ok', description: 'The first KB of the answer.' })
  readonly response_body!: string | null;

  @Shown({ type: 'integer', nullable: true, example: 42, description: 'Milliseconds that the last attempt took.' })
  readonly latency_ms!: number | null;

  @Shown({ type: String, nullable: true, example: null, description: 'Why there was no answer, or no whole one.' })
  readonly error!: string | null;

  @Shown(MOMENT)
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}

export class WebhookRecoveryDto {
  @Shown({ enum: ['webhook_recovery'], type: String })
  readonly object!: 'webhook_recovery';

  @Shown({ example: exampleId('webhook_endpoint') })
  readonly endpoint_id!: string;

  @Shown(MOMENT)
  readonly since!: number;

  @Shown({ type: 'integer', example: 3, description: 'How many deliveries will be made that else would not.' })
  readonly count!: number;
}
