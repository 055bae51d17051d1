import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { invalid, notFound, type Refusal } from '../platform/common/errors/refusal.js';
import { isStorable } from '../platform/common/fields/json-value.js';
import { parseId } from '../platform/common/ids/type-id.js';
import { Page, type PageQuery } from '../platform/common/pagination/page.js';
import { assertActsAs } from '../platform/common/tenancy/assert-acts-as.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import type { CustomerProfile } from './customer.entity.js';
import { CustomersRepository, type CustomerRow } from './customers.repository.js';

export interface NewCustomer {
  readonly name: string;
  /** Trimmed and lower-case. */
  readonly email: string;
  /** What the client calls this customer in its own system. */
  readonly externalId?: string | null;
  readonly metadata?: Record<string, unknown> | null;
}

/** A property that is absent or null stays as it is; but null clears the metadata. */
export type CustomerChange = { readonly [K in keyof NewCustomer]?: NewCustomer[K] | null };

/** Of all customers, or of the one that has what is given of these. */
export interface CustomersQuery extends PageQuery {
  readonly externalId?: string | null;
  readonly email?: string | null;
}

/** What find-or-create found or made. */
export interface Created<T> {
  readonly row: T;
  readonly isNew: boolean;
}

@Injectable()
export class CustomersService {
  constructor(private readonly customers: CustomersRepository) {}

  /** The customer with this e-mail: a new one, or the one there is, unchanged. @throws Refusal 422 on `external_id` */
  async create(tenant: Tenant, customer: NewCustomer): Promise<Created<CustomerRow>> {
    const { name, email, externalId = null, metadata = null } = customer;
    for (;;) {
      const made = await this.customers.insert(tenant, { id: uuidv7(), name, email, externalId, metadata });
      if (made) {
        return { row: made, isNew: true };
      }
      const row = await this.customers.findByEmail(tenant, email);
      if (externalId !== null && (await this.isTaken(tenant, externalId, row?.id))) {
        throw externalIdTaken();
      }
      // Neither: who had the e-mail is gone since.
      if (row) {
        return { row, isNew: false };
      }
    }
  }

  /**
   * The customers of these external ids, by them; who is not there is made, and called by its external id. Not within a
   * transaction that holds anything else: it waits for others that make the same.
   * @throws Refusal 422 on `external_id`
   */
  async resolve(tenant: Tenant, externalIds: readonly string[]): Promise<ReadonlyMap<string, CustomerRow>> {
    const wanted = new Set(externalIds);
    if (![...wanted].every(isExternalId)) {
      throw invalid('external_id', 'The external_id field must be a string of 1 to 255 characters.');
    }
    const found = new Map<string, CustomerRow>();
    const add = (rows: readonly CustomerRow[]): void => rows.forEach((row) => found.set(row.externalId!, row));
    while (found.size < wanted.size) {
      const missing = [...wanted].filter((externalId) => !found.has(externalId));
      add(await this.customers.findByExternalIds(tenant, missing));
      const unknown = missing.filter((externalId) => !found.has(externalId));
      if (unknown.length > 0) {
        add(
          await this.customers.insertMany(
            tenant,
            unknown.map((externalId) => ({ id: uuidv7(), externalId })),
          ),
        );
      }
      // Still missing: another made it meanwhile.
    }
    return found;
  }

  /** Those that are there, by what each is called: an external id, or else a customer's own id. */
  async findByUserIds(tenant: Tenant, userIds: readonly string[]): Promise<ReadonlyMap<string, CustomerRow>> {
    const ids = new Map(userIds.map((userId) => [userId, parseId('customer', userId)]));
    const own = [...ids.values()].filter((id) => id !== null);
    const rows = userIds.length === 0 ? [] : await this.customers.findByExternalIds(tenant, userIds, own);
    const byExternalId = new Map(rows.map((row) => [row.externalId, row]));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const found = new Map<string, CustomerRow>();
    for (const [userId, id] of ids) {
      const row = byExternalId.get(userId) ?? (id === null ? undefined : byId.get(id));
      if (row) {
        found.set(userId, row);
      }
    }
    return found;
  }

  /**
   * @param viewer the customer who asks, where it is one: it sees itself
   * @throws Refusal 404, or 403
   */
  async get(tenant: Tenant, id: string, viewer: string | null = null): Promise<CustomerRow> {
    assertActsAs(viewer, id);
    const customer = await this.customers.find(tenant, id);
    if (!customer) {
      throw notFound('customer');
    }
    return customer;
  }

  /** @throws Refusal 404, or 422 on `email` or `external_id` */
  async update(tenant: Tenant, id: string, change: CustomerChange): Promise<CustomerRow> {
    const { name = null, email = null, externalId = null, metadata } = change;
    const hasMetadata = metadata !== undefined;
    const values = { name, email, externalId, hasMetadata, metadata: metadata ?? null };
    if ((await this.customers.update(tenant, id, values)) === 'taken') {
      throw externalId !== null && (await this.isTaken(tenant, externalId, id))
        ? externalIdTaken()
        : invalid('email', 'The email has already been taken.');
    }
    return this.get(tenant, id);
  }

  /** A property that is absent stays as it is. @throws Refusal 404 */
  async updateProfile(
    tenant: Tenant,
    id: string,
    { name, profile }: { readonly name?: string; readonly profile?: CustomerProfile },
  ): Promise<CustomerRow> {
    await this.customers.updateProfile(tenant, id, name ?? null, profile ?? null);
    return this.get(tenant, id);
  }

  /** Those that are there. */
  findMany(tenant: Tenant, ids: readonly string[]): Promise<CustomerRow[]> {
    return this.customers.findMany(tenant, ids);
  }

  async exists(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.customers.find(tenant, id)) !== null;
  }

  /**
   * Newest first; or the one of an external id, an e-mail, or both. @throws Refusal 422 on its cursor, as every list does
   */
  async list(tenant: Tenant, { externalId, email, ...query }: CustomersQuery): Promise<Page<CustomerRow>> {
    if (typeof externalId !== 'string' && typeof email !== 'string') {
      return this.customers.list(tenant, query);
    }
    const [found = null] =
      typeof externalId === 'string'
        ? await this.customers.findByExternalIds(tenant, [externalId])
        : [await this.customers.findByEmail(tenant, email!)];
    return Page.ofOne(typeof email === 'string' && found?.email !== email ? null : found, query);
  }

  /** Who has sent a message; whoever did last comes first. */
  listActive(tenant: Tenant, query: PageQuery): Promise<Page<CustomerRow>> {
    return this.customers.listActive(tenant, query);
  }

  /** Who has exchanged messages with the customer of this e-mail; the newest conversation first. */
  listActiveForSender(tenant: Tenant, email: string, query: PageQuery): Promise<Page<CustomerRow>> {
    return this.customers.listActiveForSender(tenant, email, query);
  }

  /** Whether another customer than `id` has this external id. */
  private async isTaken(tenant: Tenant, externalId: string, id: string | undefined): Promise<boolean> {
    return (await this.customers.findByExternalIds(tenant, [externalId])).some((row) => row.id !== id);
  }
}

function isExternalId(text: string): boolean {
  return isStorable(text) && text !== '' && [...text].length <= 255;
}

function externalIdTaken(): Refusal {
  return invalid('external_id', 'The external_id has already been taken.');
}
