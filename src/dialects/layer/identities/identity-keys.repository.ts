import { Injectable } from '@nestjs/common';
import { LOCK_CLIENT } from '../../../clients/client-lock.sql.js';
import type { Page, PageQuery } from '../../../platform/common/pagination/page.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import type { IdentityKey } from './identity-key.entity.js';
import { CREATE, FIND, LIST, REMOVE } from './identity-keys.sql.js';

export type IdentityKeyRow = Pick<IdentityKey, 'id' | 'algorithm' | 'publicKey' | 'createdAt'>;

@Injectable()
export class IdentityKeysRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where the id is taken, or the client has `most` already. */
  insert(tenant: Tenant, row: Omit<IdentityKeyRow, 'createdAt'>, most: number): Promise<IdentityKeyRow | null> {
    const { id, algorithm, publicKey } = row;
    return this.transaction(tenant, async () => {
      await this.row(tenant, LOCK_CLIENT);
      return (await this.row<IdentityKeyRow>(tenant, CREATE, id, algorithm, publicKey, most)) ?? null;
    });
  }

  async find(tenant: Tenant, id: string): Promise<IdentityKeyRow | null> {
    return (await this.row<IdentityKeyRow>(tenant, FIND, id)) ?? null;
  }

  list(tenant: Tenant, query: PageQuery): Promise<Page<IdentityKeyRow>> {
    return this.page(tenant, LIST, query);
  }

  /** Whether it was there. */
  async remove(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.row(tenant, REMOVE, id)) !== undefined;
  }
}
