import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '../common/pagination/page.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { Database } from '../database/database.js';
import { pageOf, type PageRow } from '../database/page-rows.js';
import { TenantRepository } from '../database/tenant.repository.js';
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

  async list(tenant: Tenant, { limit, startingAfter }: PageQuery): Promise<Page<StoredEvent>> {
    return pageOf(await this.rows<PageRow<StoredEvent>>(tenant, LIST, limit + 1, startingAfter), limit);
  }
}
