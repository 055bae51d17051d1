import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { FORGET, LOCK, REMOVE } from './erasure.sql.js';

/** Each method is a step of a transaction that the service runs. */
@Injectable()
export class ErasureRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Whether there is such a customer. */
  async lock(tenant: Tenant, customerId: string): Promise<boolean> {
    return (await this.row(tenant, LOCK, customerId)) !== undefined;
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
