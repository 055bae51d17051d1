import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { notFound, tooMany, type Refusal } from '../../platform/common/errors/refusal.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { makeSecret } from './signature.js';
import { WebhookEndpointsRepository, type EndpointChange, type EndpointRow } from './webhook-endpoints.repository.js';

/** Of one client: each that asks for an event is a row in the statement that makes it happen. */
const MAX_ENDPOINTS = 20;

export interface NewEndpoint {
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled?: boolean | null;
  readonly description?: string | null;
}

/** An endpoint, with its secret. */
export interface EndpointWithSecret {
  readonly endpoint: EndpointRow;
  readonly secret: string;
}

@Injectable()
export class WebhookEndpointsService {
  constructor(
    private readonly endpoints: WebhookEndpointsRepository,
    private readonly policy: OutboundPolicy,
  ) {}

  /** @throws InvalidInput on `url`, or Refusal 409 where there are so many */
  async create(tenant: Tenant, { url, events, enabled, description = null }: NewEndpoint): Promise<EndpointWithSecret> {
    await this.policy.check(tenant, url);
    const secret = makeSecret();
    const row = { id: uuidv7(), url, events, enabled: enabled ?? true, description, secret };
    const endpoint = await this.endpoints.insert(tenant, row, MAX_ENDPOINTS);
    if (!endpoint) {
      throw tooManyEndpoints();
    }
    return { endpoint, secret };
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, id: string): Promise<EndpointRow> {
    return insist(await this.endpoints.find(tenant, id));
  }

  /** Newest first. @throws Refusal 422 on `starting_after` */
  list(tenant: Tenant, query: PageQuery): Promise<Page<EndpointRow>> {
    return this.endpoints.list(tenant, query);
  }

  /** @throws Refusal 404, or InvalidInput on `url` */
  async update(tenant: Tenant, id: string, change: EndpointChange): Promise<EndpointRow> {
    await this.get(tenant, id);
    if (change.url !== undefined && change.url !== null) {
      await this.policy.check(tenant, change.url);
    }
    return insist(await this.endpoints.update(tenant, id, change));
  }

  /** @throws Refusal 404 */
  async remove(tenant: Tenant, id: string): Promise<void> {
    if (!(await this.endpoints.remove(tenant, id))) {
      throw notFound('webhook_endpoint');
    }
  }

  /** A new secret; the one before signs along for a day. @throws Refusal 404 */
  async rotate(tenant: Tenant, id: string): Promise<EndpointWithSecret> {
    const secret = makeSecret();
    return { endpoint: insist(await this.endpoints.rotate(tenant, id, secret)), secret };
  }
}

function insist(endpoint: EndpointRow | null): EndpointRow {
  if (!endpoint) {
    throw notFound('webhook_endpoint');
  }
  return endpoint;
}

export function tooManyEndpoints(): Refusal {
  return tooMany('webhook endpoints', MAX_ENDPOINTS);
}
