import { Injectable } from '@nestjs/common';
import { CustomersService } from '../../customers/customers.service.js';
import { CustomerSessionsService, type CreatedSession } from '../../customers/sessions/customer-sessions.service.js';
import { unfit } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { DesksRepository, type DeskRow } from './desks.repository.js';

/** What somebody says of itself whom nobody knows. */
export interface NewVisitor {
  readonly name?: string | null;
  readonly email?: string | null;
}

const NAME = 'Visitor';
/** As long as a session may be: whoever comes back within it goes on. */
const SESSION_SECONDS = 2_592_000;

/** Whoever chats from a page without being known there. */
@Injectable()
export class VisitorsService {
  constructor(
    private readonly desks: DesksRepository,
    private readonly customers: CustomersService,
    private readonly sessions: CustomerSessionsService,
  ) {}

  /** The desk that they write to: the oldest. */
  findDesk(tenant: Tenant): Promise<DeskRow | null> {
    return this.desks.find(tenant, null);
  }

  /**
   * A new customer, with a session. Anybody can claim an e-mail, so what is claimed stands among the metadata: it is nobody's
   * address, finds nobody and makes nobody one with somebody else.
   * @throws Refusal 422 where there is no desk
   */
  async create(tenant: Tenant, { name, email }: NewVisitor): Promise<CreatedSession & { readonly customerId: string }> {
    if (!(await this.findDesk(tenant))) {
      throw unfit('The channel chat is not connected in this workspace.');
    }
    const metadata = email == null ? null : { claimed_email: email };
    const { row } = await this.customers.create(tenant, { name: name ?? NAME, metadata });
    return { ...(await this.sessions.create(tenant, row.id, SESSION_SECONDS)), customerId: row.id };
  }
}
