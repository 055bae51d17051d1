import { unixSeconds } from '../platform/common/clock.js';
import { formatId } from '../platform/common/ids/type-id.js';
import type { Audience } from '../platform/common/tenancy/audience.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import type { ActiveCustomerDto, CustomerDto, CustomerReferenceDto } from './customer.dto.js';
import type { CustomerRow } from './customers.repository.js';
import type { MemberRow } from './member-row.js';

export function presentMember({ id, name, email, avatarUrl }: MemberRow, audience: Audience): CustomerReferenceDto {
  const known = { object: 'customer', id: formatId('customer', id), name } as const;
  return audience === 'client' ? { ...known, email } : { ...known, avatar_url: avatarUrl };
}

export function presentCustomer(tenant: Tenant, customer: CustomerRow): CustomerDto {
  return {
    object: 'customer',
    id: formatId('customer', customer.id),
    name: customer.name,
    email: customer.email,
    ...(customer.phone === null ? {} : { phone: customer.phone }),
    ...(customer.kind === 'address' ? { kind: customer.kind } : {}),
    ...(customer.externalId === null ? {} : { external_id: customer.externalId }),
    metadata: customer.metadata,
    created: unixSeconds(customer.createdAt),
    livemode: tenant.livemode,
  };
}

/** For keys without `customers:read`: the id, and nothing that was stored before. */
export function presentUnseen(tenant: Tenant, { id, createdAt }: CustomerRow): CustomerDto {
  return {
    object: 'customer',
    id: formatId('customer', id),
    name: '',
    email: null,
    metadata: null,
    created: unixSeconds(createdAt),
    livemode: tenant.livemode,
  };
}

/** Of a customer in a list by activity, which has one. */
export function presentActiveCustomer(tenant: Tenant, customer: CustomerRow): ActiveCustomerDto {
  return { ...presentCustomer(tenant, customer), latest_message_at: unixSeconds(customer.latestMessageAt!) };
}
