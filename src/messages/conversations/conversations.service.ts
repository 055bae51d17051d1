import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/common/errors/refusal.js';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import { assertActsAs } from '../../platform/common/tenancy/assert-acts-as.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CustomersService } from '../../customers/customers.service.js';
import { ConversationsRepository, type ConversationRow, type ListedChannelRow } from './conversations.repository.js';

/** The channels of one customer, each with its unread count and last message. A viewer sees its own. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly customers: CustomersService,
  ) {}

  /** Newest first. @throws Refusal 404; to another customer 403 */
  async listForCustomer(
    tenant: Tenant,
    customerId: string,
    query: PageQuery,
    viewer: string | null,
  ): Promise<Page<ListedChannelRow>> {
    assertActsAs(viewer, customerId);
    const page = await this.conversations.listForCustomer(tenant, customerId, query, viewer);
    if (!page) {
      throw notFound('customer');
    }
    return page;
  }

  /** Grouped by whom they are with, the newest activity first. @throws Refusal 404; to another customer 403 */
  async listConversations(
    tenant: Tenant,
    email: string,
    query: PageQuery,
    viewer: string | null,
  ): Promise<Page<ConversationRow>> {
    if (viewer !== null && (await this.customers.get(tenant, viewer)).email !== email) {
      assertActsAs(viewer, null);
    }
    const page = await this.conversations.listConversations(tenant, email, query, viewer);
    if (!page) {
      throw notFound('customer');
    }
    return page;
  }
}
