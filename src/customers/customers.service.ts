import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { invalid, notFound } from '../platform/common/errors/refusal.js';
import { isStorable } from '../platform/common/fields/json-value.js';
import { parseId } from '../platform/common/ids/type-id.js';
import { Page, type PageQuery } from '../platform/common/pagination/page.js';
import { assertActsAs } from '../platform/common/tenancy/assert-acts-as.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import type { CustomerProfile } from './customer.entity.js';
import { CustomersRepository, type CustomerRow } from './customers.repository.js';

export interface NewCustomer {
  readonly name: string;
  /** Trimmed and lower-case; there is one, or a phone number. */
  readonly email?: string | null;
  /** In international format. */
  readonly phone?: string | null;
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
  readonly phone?: string | null;
}

/** What find-or-create found or made. */
export interface Created<T> {
  readonly row: T;
  readonly isNew: boolean;
}

@Injectable()
export class CustomersService {
  constructor(private readonly customers: CustomersRepository) {}

  /**
   * The customer with this e-mail, or without one, with this phone number: a new one, or the one there is, unchanged.
   * @throws Refusal 422 on `external_id` or `phone`
   */
  async create(tenant: Tenant, customer: NewCustomer): Promise<Created<CustomerRow>> {
    const { name, email = null, phone = null, externalId = null, metadata = null } = customer;
    for (;;) {
      const row = { id: uuidv7(), name, email, phone, kind: 'person', externalId, metadata } as const;
      const made = await this.customers.insert(tenant, row);
      if (made) {
        return { row: made, isNew: true };
      }
      const found =
        email === null
          ? phone && (await this.customers.findByPhone(tenant, phone))
          : await this.customers.findByEmail(tenant, email);
      await this.refuseTaken(tenant, { externalId, phone }, found ? found.id : undefined);
      // Neither: who had the e-mail or the phone number is gone since.
      if (found) {
        return { row: found, isNew: false };
      }
    }
  }

  /** What the client itself speaks as. @throws Refusal 422 on `external_id` */
  async createAddress(tenant: Tenant, name: string, externalId: string | null = null): Promise<CustomerRow> {
    const nothing = { email: null, phone: null, metadata: null };
    const made = await this.customers.insert(tenant, { id: uuidv7(), name, kind: 'address', externalId, ...nothing });
    if (!made) {
      throw invalid('external_id', 'The external_id has already been taken.');
    }
    return made;
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

  /** @throws Refusal 404, or 422 on `email`, `phone` or `external_id` */
  async update(tenant: Tenant, id: string, change: CustomerChange): Promise<CustomerRow> {
    const { name = null, email = null, phone = null, externalId = null, metadata } = change;
    const hasMetadata = metadata !== undefined;
    const values = { name, email, phone, externalId, hasMetadata, metadata: metadata ?? null };
    if ((await this.customers.update(tenant, id, values)) === 'taken') {
      await this.refuseTaken(tenant, { externalId, phone }, id);
      throw invalid('email', 'The email has already been taken.');
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
   * Newest first; or the one that has all that is given of an external id, an e-mail and a phone number.
   * @throws Refusal 422 on its cursor, as every list does
   */
  async list(tenant: Tenant, { externalId, email, phone, ...query }: CustomersQuery): Promise<Page<CustomerRow>> {
    const wanted = { externalId, email, phone };
    const given = (['externalId', 'email', 'phone'] as const).filter((name) => typeof wanted[name] === 'string');
    if (given.length === 0) {
      return this.customers.list(tenant, query);
    }
    const found = await this.findBy(tenant, wanted);
    const hasAll = given.every((name) => found?.[name] === wanted[name]);
    return Page.ofOne(hasAll ? found : null, query);
  }

  /** Who has sent a message; whoever did last comes first. */
  listActive(tenant: Tenant, query: PageQuery): Promise<Page<CustomerRow>> {
    return this.customers.listActive(tenant, query);
  }

  /** Who has exchanged messages with the customer of this e-mail; the newest conversation first. */
  listActiveForSender(tenant: Tenant, email: string, query: PageQuery): Promise<Page<CustomerRow>> {
    return this.customers.listActiveForSender(tenant, email, query);
  }

  /** By the first of these that is given. */
  private async findBy(
    tenant: Tenant,
    { externalId, email, phone }: Omit<CustomersQuery, keyof PageQuery>,
  ): Promise<CustomerRow | null> {
    if (typeof externalId === 'string') {
      return (await this.customers.findByExternalIds(tenant, [externalId]))[0] ?? null;
    }
    return typeof email === 'string'
      ? this.customers.findByEmail(tenant, email)
      : this.customers.findByPhone(tenant, phone!);
  }

  /** Where another customer than `id` has the external id or the phone number. @throws Refusal 422 */
  private async refuseTaken(
    tenant: Tenant,
    { externalId, phone }: { readonly externalId: string | null; readonly phone: string | null },
    id: string | undefined,
  ): Promise<void> {
    const namesakes = externalId === null ? [] : await this.customers.findByExternalIds(tenant, [externalId]);
    if (namesakes.some((row) => row.id !== id)) {
      throw invalid('external_id', 'The external_id has already been taken.');
    }
    const holder = phone === null ? null : await this.customers.findByPhone(tenant, phone);
    if (holder && holder.id !== id) {
      throw invalid('phone', 'The phone has already been taken.');
    }
  }
}

function isExternalId(text: string): boolean {
  return isStorable(text) && text !== '' && [...text].length <= 255;
}
