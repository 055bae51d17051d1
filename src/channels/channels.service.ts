import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { invalid, notFound } from '../common/errors/refusal.js';
import type { Page, PageQuery } from '../common/pagination/page.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import type { Created } from '../customers/customers.service.js';
import type { ChannelType } from './channel.entity.js';
import { ChannelsRepository, type ChannelRow, type ConversationRow } from './channels.repository.js';
import { reuseKeyOf } from './reuse-key.js';

export interface NewChannel {
  readonly type: ChannelType;
  /** Of a custom channel; a general one is named "general". */
  readonly name?: string;
  readonly customerIds: readonly string[];
}

@Injectable()
export class ChannelsService {
  constructor(private readonly channels: ChannelsRepository) {}

  /**
   * The channel of this type, name and set of customers: a new one, or the one there is. A hundred at once make one.
   * @throws Refusal 422 on `customer_uuids`
   */
  async create(tenant: Tenant, { type, name = 'general', customerIds }: NewChannel): Promise<Created<ChannelRow>> {
    const reuseKey = reuseKeyOf(type, name, customerIds);
    for (;;) {
      const { known, id } = await this.channels.insert(tenant, { id: uuidv7(), type, name, reuseKey }, customerIds);
      if (known < customerIds.length) {
        throw invalid('customer_uuids', 'One or more customers do not exist or do not belong to this client');
      }
      const row =
        id === null ? await this.channels.findByReuseKey(tenant, reuseKey) : await this.channels.find(tenant, id);
      // Not there: it went away between the two statements.
      if (row) {
        return { row, isNew: id !== null };
      }
    }
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, id: string): Promise<ChannelRow> {
    const channel = await this.channels.find(tenant, id);
    if (!channel) {
      throw notFound('channel');
    }
    return channel;
  }

  /** Those that are there. */
  findMany(tenant: Tenant, ids: readonly string[]): Promise<ChannelRow[]> {
    return this.channels.findMany(tenant, ids);
  }

  async exists(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.channels.find(tenant, id)) !== null;
  }

  /** Newest first. @throws Refusal 422 on `starting_after`, as every list does */
  list(tenant: Tenant, query: PageQuery): Promise<Page<ChannelRow>> {
    return this.channels.list(tenant, query);
  }

  /** The channels of one customer, newest first. @throws Refusal 404 */
  async listForCustomer(tenant: Tenant, customerId: string, query: PageQuery): Promise<Page<ChannelRow>> {
    const page = await this.channels.listForCustomer(tenant, customerId, query);
    if (!page) {
      throw notFound('customer');
    }
    return page;
  }

  /** With whom the customer of this e-mail shares channels, the newest activity first. @throws Refusal 404 */
  async listConversations(tenant: Tenant, email: string, query: PageQuery): Promise<Page<ConversationRow>> {
    const page = await this.channels.listConversations(tenant, email, query);
    if (!page) {
      throw notFound('customer');
    }
    return page;
  }
}
