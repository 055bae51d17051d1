import { unixSeconds } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { WebhookDeliveryDto } from './webhook-delivery.dto.js';
import type { DeliveryRow } from './webhook-deliveries.repository.js';

export function presentDelivery(tenant: Tenant, delivery: DeliveryRow): WebhookDeliveryDto {
  const { nextAttemptAt, lastAttemptAt } = delivery;
  return {
    object: 'webhook_delivery',
    id: formatId('webhook_delivery', delivery.id),
    endpoint_id: formatId('webhook_endpoint', delivery.endpointId),
    event_id: formatId('event', delivery.eventId),
    event_type: delivery.type,
    status: delivery.status,
    attempts: delivery.attempts,
    next_attempt_at: nextAttemptAt && unixSeconds(nextAttemptAt),
    last_attempt_at: lastAttemptAt && unixSeconds(lastAttemptAt),
    response_status: delivery.responseStatus,
    response_body: delivery.responseBody,
    latency_ms: delivery.latency,
    error: delivery.error,
    created: unixSeconds(delivery.createdAt),
    livemode: tenant.livemode,
  };
}
