import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { EventType } from '../../platform/outbox/event-types.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';
import { LIST, RECOVER, RETRY, TEST } from './webhook-deliveries.sql.js';

/** What is read of a delivery. */
export type DeliveryRow = Omit<WebhookDelivery, 'clientId' | 'seq' | 'endpoint' | 'event'> & {
  readonly type: EventType;
};

@Injectable()
export class WebhookDeliveriesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where there is no such endpoint. */
  list(tenant: Tenant, endpointId: string, query: PageQuery): Promise<Page<DeliveryRow> | null> {
    return this.findPage(tenant, LIST, query, endpointId);
  }

  async retry(tenant: Tenant, endpointId: string, id: string): Promise<DeliveryRow | null> {
    return (await this.row<DeliveryRow>(tenant, RETRY, endpointId, id)) ?? null;
  }

  async test(tenant: Tenant, endpointId: string): Promise<DeliveryRow | null> {
    return (await this.row<DeliveryRow>(tenant, TEST, endpointId)) ?? null;
  }

  /** Looks at the next `limit` events after `after`; `last` is the place of the last of them, null where there was none. */
  async recover(
    tenant: Tenant,
    endpointId: string,
    since: Date,
    after: string,
    limit: number,
  ): Promise<{ recovered: number; last: string | null }> {
    const row = await this.row<{ recovered: number; last: string | null }>(
      tenant,
      RECOVER,
      endpointId,
      since,
      after,
      limit,
    );
    return row!;
  }
}
