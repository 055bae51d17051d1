import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/common/errors/refusal.js';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { Device } from './device.entity.js';
import { LIST, LOCK_OWNER, REGISTER, REMOVE, REMOVE_ALL } from './devices.sql.js';

export type DeviceRow = Pick<
  Device,
  'id' | 'customerId' | 'deviceId' | 'provider' | 'token' | 'bundleId' | 'createdAt'
>;
export type NewRow = Omit<DeviceRow, 'createdAt'> & Pick<Device, 'keys'>;

@Injectable()
export class DevicesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /**
   * Null where the customer has so many already.
   * @param most how many one customer may have
   * @throws Refusal 404
   */
  register(tenant: Tenant, row: NewRow, most: number): Promise<DeviceRow | null> {
    const { id, customerId, deviceId, provider, token, keys, bundleId } = row;
    return this.transaction(tenant, async () => {
      if (!(await this.row(tenant, LOCK_OWNER, customerId))) {
        throw notFound('customer');
      }
      const values = [id, customerId, deviceId, provider, token, keys && JSON.stringify(keys), bundleId, most];
      return (await this.row<DeviceRow>(tenant, REGISTER, ...values)) ?? null;
    });
  }

  /** @throws Refusal 404, or 422 on its cursor */
  async list(tenant: Tenant, customerId: string, query: PageQuery): Promise<Page<DeviceRow>> {
    const page = await this.findPage<DeviceRow>(tenant, LIST, query, customerId);
    if (!page) {
      throw notFound('customer');
    }
    return page;
  }

  /** By one of the two. */
  async remove(
    tenant: Tenant,
    customerId: string,
    { id, deviceId }: { readonly id?: string; readonly deviceId?: string },
  ): Promise<boolean> {
    return (await this.row(tenant, REMOVE, customerId, id, deviceId)) !== undefined;
  }

  /** False where there is no such customer. */
  async removeAll(tenant: Tenant, customerId: string): Promise<boolean> {
    return (await this.row(tenant, REMOVE_ALL, customerId)) !== undefined;
  }
}
