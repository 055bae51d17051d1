import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { invalid, notFound } from '../common/errors/refusal.js';
import type { Page, PageQuery } from '../common/pagination/page.js';
import { onlyAs } from '../common/tenancy/only-as.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { CustomersRepository, type CustomerRow } from './customers.repository.js';

export interface NewCustomer {
  readonly name: string;
  /** Trimmed and lower-case. */
  readonly email: string;
  readonly metadata?: Record<string, unknown> | null;
}

/** What is null or not given stays as it is; but null metadata is none. */
export type CustomerChange = { readonly [K in keyof NewCustomer]?: NewCustomer[K] | null };

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

  /**
   * @param viewer the customer who asks, where it is one: it sees itself
   * @throws Refusal 404, or 403
   */
  async get(tenant: Tenant, id: string, viewer: string | null = null): Promise<CustomerRow> {
    onlyAs(viewer, id);
    const customer = await this.customers.find(tenant, id);
    if (!customer) {
      throw notFound('customer');
    }
    return customer;
  }

  /** @throws Refusal 404, or 422 on `email` */
  async update(tenant: Tenant, id: string, { name, email, metadata }: CustomerChange): Promise<CustomerRow> {
    const hasMetadata = metadata !== undefined;
    const change = { name: name ?? null, email: email ?? null, hasMetadata, metadata: metadata ?? null };
    if ((await this.customers.update(tenant, id, change)) === 'taken') {
      throw invalid('email', 'The email has already been taken.');
    }
    return this.get(tenant, id);
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
