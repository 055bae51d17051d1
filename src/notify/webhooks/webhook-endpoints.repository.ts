import { Injectable } from '@nestjs/common';
import { LOCK_CLIENT } from '../../clients/client-lock.sql.js';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { CREATE, FIND, LIST, REMOVE, ROTATE, UPDATE } from './webhook-endpoints.sql.js';

/** What is read of an endpoint; its secret is not. */
export type EndpointRow = Pick<
  WebhookEndpoint,
  'id' | 'url' | 'events' | 'enabled' | 'description' | 'failingSince' | 'createdAt'
>;
type NewRow = Pick<WebhookEndpoint, 'id' | 'url' | 'enabled' | 'description' | 'secret'> & {
  readonly events: readonly string[];
};

/** A part that is absent or null stays as it is; only a description can be null. */
export interface EndpointChange {
  readonly url?: string | null;
  readonly events?: readonly string[] | null;
  readonly enabled?: boolean | null;
  readonly description?: string | null;
}

@Injectable()
export class WebhookEndpointsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where the client has `most` already. */
  insert(tenant: Tenant, row: NewRow, most: number): Promise<EndpointRow | null> {
    const { id, url, events, enabled, description, secret } = row;
    return this.transaction(tenant, async () => {
      await this.row(tenant, LOCK_CLIENT);
      const values = [id, url, events, enabled, description, secret, most];
      return (await this.row<EndpointRow>(tenant, CREATE, ...values)) ?? null;
    });
  }

  async find(tenant: Tenant, id: string): Promise<EndpointRow | null> {
    return (await this.row<EndpointRow>(tenant, FIND, id)) ?? null;
  }

  list(tenant: Tenant, query: PageQuery): Promise<Page<EndpointRow>> {
    return this.page(tenant, LIST, query);
  }

  async update(
    tenant: Tenant,
    id: string,
    { url, events, enabled, description }: EndpointChange,
  ): Promise<EndpointRow | null> {
    const values = [url, events, enabled, description, description !== undefined];
    return (await this.row<EndpointRow>(tenant, UPDATE, id, ...values)) ?? null;
  }

  async remove(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.row(tenant, REMOVE, id)) !== undefined;
  }

  async rotate(tenant: Tenant, id: string, secret: string): Promise<EndpointRow | null> {
    return (await this.row<EndpointRow>(tenant, ROTATE, id, secret)) ?? null;
  }
}
