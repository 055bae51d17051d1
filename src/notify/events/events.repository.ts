import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { StoredEvent } from './event.js';
import { FIND, LIST } from './events.sql.js';

@Injectable()
export class EventsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async find(tenant: Tenant, id: string): Promise<StoredEvent | null> {
    return (await this.row<StoredEvent>(tenant, FIND, id)) ?? null;
  }

  list(tenant: Tenant, query: PageQuery): Promise<Page<StoredEvent>> {
    return this.page(tenant, LIST, query);
  }
}
