import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { MessagingProvider, ProviderKind } from './messaging-provider.entity.js';
import { CREATE, FIND_ACTIVE } from './providers.sql.js';

export type ProviderRow = Pick<MessagingProvider, 'id' | 'kind' | 'public' | 'lastError' | 'createdAt'>;

@Injectable()
export class ProvidersRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async findActive(tenant: Tenant): Promise<ProviderRow | null> {
    return (await this.row<ProviderRow>(tenant, FIND_ACTIVE)) ?? null;
  }

  /** Null where there is an active one already. */
  async insert(tenant: Tenant, id: string, kind: ProviderKind): Promise<ProviderRow | null> {
    return (await this.row<ProviderRow>(tenant, CREATE, id, kind)) ?? null;
  }
}
