import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { notFound } from '../common/errors/refusal.js';
import type { Page, PageQuery } from '../common/pagination/page.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { CustomersRepository, type CustomerRow } from './customers.repository.js';

export interface NewCustomer {
  readonly name: string;
  /** Trimmed and lower-case. */
  readonly email: string;
  readonly metadata?: Record<string, unknown> | null;
}

/** What find-or-create found or made. */
export interface Created<T> {
  readonly row: T;
  readonly isNew: boolean;
}

@Injectable()
export class CustomersService {
  constructor(private readonly customers: CustomersRepository) {}

  /** The customer with this e-mail: a new one, or the one there is, unchanged. */
  async create(tenant: Tenant, { name, email, metadata = null }: NewCustomer): Promise<Created<CustomerRow>> {
    for (;;) {
      const made = await this.customers.insert(tenant, { id: uuidv7(), name, email, metadata });
      const row = made ?? (await this.customers.findByEmail(tenant, email));
      // Neither: who had the e-mail is gone since.
      if (row) {
        return { row, isNew: made !== null };
      }
    }
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, id: string): Promise<CustomerRow> {
    const customer = await this.customers.find(tenant, id);
    if (!customer) {
      throw notFound('customer');
    }
    return customer;
  }

  /** Those that are there. */
  findMany(tenant: Tenant, ids: readonly string[]): Promise<CustomerRow[]> {
    return this.customers.findMany(tenant, ids);
  }

  async exists(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.customers.find(tenant, id)) !== null;
  }

  /** Newest first. @throws Refusal 422 on `starting_after`, as every list does */
  list(tenant: Tenant, query: PageQuery): Promise<Page<CustomerRow>> {
    return this.customers.list(tenant, query);
  }

  /** Who has sent a message; whoever did last comes first. */
  listActive(tenant: Tenant, query: PageQuery): Promise<Page<CustomerRow>> {
    return this.customers.listActive(tenant, query);
  }

  /** Who has exchanged messages with the customer of this e-mail; the newest conversation first. */
  listActiveForSender(tenant: Tenant, email: string, query: PageQuery): Promise<Page<CustomerRow>> {
    return this.customers.listActiveForSender(tenant, email, query);
  }
}
