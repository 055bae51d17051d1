import { Injectable } from '@nestjs/common';
import type { CustomerKind } from '../../customers/customer.entity.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { FORGET, FORGET_PHONE, LOCK, REMOVE } from './erasure.sql.js';

/** Each method is a step of a transaction that the service runs. */
@Injectable()
export class ErasureRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where there is no such customer. */
  async lock(tenant: Tenant, customerId: string): Promise<CustomerKind | null> {
    return (await this.row<{ kind: CustomerKind }>(tenant, LOCK, customerId))?.kind ?? null;
  }

  /** Takes the person from up to `limit` messages to and from its phone; answers from how many. */
  async forgetPhone(tenant: Tenant, customerId: string, limit: number): Promise<number> {
    return (await this.row<{ forgotten: number }>(tenant, FORGET_PHONE, customerId, limit))!.forgotten;
  }

  /** Takes the sender from up to `limit` messages; answers from how many. */
  async forget(tenant: Tenant, customerId: string, limit: number): Promise<number> {
    return (await this.row<{ forgotten: number }>(tenant, FORGET, customerId, limit))!.forgotten;
  }

  /** False where the customer joined a channel meanwhile. */
  async remove(tenant: Tenant, customerId: string): Promise<boolean> {
    return (await this.row(tenant, REMOVE, customerId)) !== undefined;
  }
}
