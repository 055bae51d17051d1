import { unixSeconds } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { CustomerSessionDto } from './customer-session.dto.js';
import type { CreatedSession } from './customer-sessions.service.js';

export function presentCreatedSession(tenant: Tenant, { session, token }: CreatedSession): CustomerSessionDto {
  return {
    object: 'customer_session',
    id: formatId('customer_session', session.id),
    customer_id: formatId('customer', session.customerId),
    token,
    expires_at: unixSeconds(session.expiresAt),
    created: unixSeconds(session.createdAt),
    livemode: tenant.livemode,
  };
}
