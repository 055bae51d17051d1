import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/common/errors/refusal.js';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { WebhookDeliveriesRepository, type DeliveryRow } from './webhook-deliveries.repository.js';
import { WebhookEndpointsService } from './webhook-endpoints.service.js';

/** Events that one statement of a recovery looks at, so that none runs for long. */
const BATCH_EVENTS = 5_000;

/** What was sent to an endpoint, and what should be. */
@Injectable()
export class WebhookDeliveriesService {
  constructor(
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly endpoints: WebhookEndpointsService,
  ) {}

  /** The newest event first. @throws Refusal 404, or 422 on `starting_after` */
  async list(tenant: Tenant, endpointId: string, query: PageQuery): Promise<Page<DeliveryRow>> {
    const page = await this.deliveries.list(tenant, endpointId, query);
    if (!page) {
      throw notFound('webhook_endpoint');
    }
    return page;
  }

  /** @throws Refusal 404 */
  async retry(tenant: Tenant, endpointId: string, id: string): Promise<DeliveryRow> {
    const delivery = await this.deliveries.retry(tenant, endpointId, id);
    if (!delivery) {
      throw notFound('webhook_delivery');
    }
    return delivery;
  }

  /** @throws Refusal 404 */
  async test(tenant: Tenant, endpointId: string): Promise<DeliveryRow> {
    const delivery = await this.deliveries.test(tenant, endpointId);
    if (!delivery) {
      throw notFound('webhook_endpoint');
    }
    return delivery;
  }

  /** @returns how many deliveries will be made that otherwise would not @throws Refusal 404 */
  async recover(tenant: Tenant, endpointId: string, since: Date): Promise<number> {
    await this.endpoints.get(tenant, endpointId);
    let count = 0;
    for (let after: string | null = '0'; after !== null;) {
      const { recovered, last } = await this.deliveries.recover(tenant, endpointId, since, after, BATCH_EVENTS);
      count += recovered;
      after = last;
    }
    return count;
  }
}
