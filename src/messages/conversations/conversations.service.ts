import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/common/errors/refusal.js';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import { onlyAs } from '../../platform/common/tenancy/assert-acts-as.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CustomersService } from '../../customers/customers.service.js';
import { InboxRepository, type ConversationRow, type InboxRow } from './conversations.repository.js';

/** The channels of one customer, each with what is unread and what was said last. A viewer sees its own. */
@Injectable()
export class InboxService {
  constructor(
    private readonly inbox: InboxRepository,
    private readonly customers: CustomersService,
  ) {}

  /** Newest first. @throws Refusal 404; to another customer 403 */
  async listForCustomer(
    tenant: Tenant,
    customerId: string,
    query: PageQuery,
    viewer: string | null,
  ): Promise<Page<InboxRow>> {
    onlyAs(viewer, customerId);
    const page = await this.inbox.listForCustomer(tenant, customerId, query, viewer);
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
      onlyAs(viewer, null);
    }
    const page = await this.inbox.listConversations(tenant, email, query, viewer);
    if (!page) {
      throw notFound('customer');
    }
    return page;
  }
}
