import { unixSeconds } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { WebhookEndpointDto, WebhookEndpointWithSecretDto } from './webhook-endpoint.dto.js';
import type { EndpointRow } from './webhook-endpoints.repository.js';
import type { EndpointWithSecret } from './webhook-endpoints.service.js';

export function presentEndpoint(
  tenant: Tenant,
  { id, url, events, enabled, description, failingSince, createdAt }: EndpointRow,
): WebhookEndpointDto {
  return {
    object: 'webhook_endpoint',
    id: formatId('webhook_endpoint', id),
    url,
    events,
    enabled,
    description,
    failing_since: failingSince && unixSeconds(failingSince),
    created: unixSeconds(createdAt),
    livemode: tenant.livemode,
  };
}

export function presentEndpointWithSecret(
  tenant: Tenant,
  { endpoint, secret }: EndpointWithSecret,
): WebhookEndpointWithSecretDto {
  return { ...presentEndpoint(tenant, endpoint), secret };
}
