import { Injectable } from '@nestjs/common';
import type { CustomerProfile } from '../../customers/customer.entity.js';
import { now } from '../../platform/common/clock.js';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { Binding } from '../binding.js';
import { idsIn, type NamedRow } from '../segments/filter-ids.js';
import { FIND_NAMED } from '../segments/segments.sql.js';
import type { TagRow } from '../tags/tags.repository.js';
import type { Contact, ContactStatus } from './contact.entity.js';
import {
  contactsAfter,
  countOfContacts,
  pageOfContacts,
  type ContactFilters,
  type ContactPageOf,
  type ContactSort,
  type KnownFilters,
} from './contact-list.sql.js';
import * as SQL from './contacts.sql.js';

/** What a contact says of itself, in one table or another. */
export type ContactFields = Pick<
  Contact,
  | 'firstName'
  | 'lastName'
  | 'email'
  | 'phone'
  | 'company'
  | 'jobTitle'
  | 'city'
  | 'country'
  | 'timezone'
  | 'leadScore'
  | 'status'
  | 'customFields'
>;

export interface ContactRow extends ContactFields, Pick<Contact, 'createdAt' | 'updatedAt'> {
  readonly id: string;
  readonly number: number;
  /** The customer's. */
  readonly name: string;
  readonly lastContactedAt: Date | null;
  readonly tags: readonly Pick<TagRow, 'id' | 'number' | 'name' | 'color'>[];
}

export interface ContactsFound {
  readonly items: readonly ContactRow[];
  /** Whether more of them follow. */
  readonly hasMore: boolean;
}

export interface HeldContact extends ContactFields {
  readonly id: string;
  readonly name: string;
  readonly profile: CustomerProfile | null;
}

export interface ContactOrder {
  readonly sort: ContactSort;
  readonly direction: 'asc' | 'desc';
}

interface CustomerFields {
  readonly name: string;
  readonly email: string | null;
  readonly profile: CustomerProfile | null;
  readonly metadata: Record<string, unknown>;
  /** Absent: stays. */
  readonly phone?: string | null;
}

@Injectable()
export class ContactsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  async find(tenant: Tenant, ref: ObjectRef): Promise<(ContactRow & { readonly conversationsCount: number }) | null> {
    return (await this.row<ContactRow & { conversationsCount: number }>(tenant, SQL.FIND, ...refValues(ref))) ?? null;
  }

  /** Those that are there. */
  findIds(tenant: Tenant, refs: readonly ObjectRef[]): Promise<{ readonly id: string; readonly number: number }[]> {
    const numbers = refs.filter((ref) => typeof ref === 'number');
    return this.rows(
      tenant,
      SQL.FIND_IDS,
      numbers,
      refs.filter((ref) => typeof ref === 'string'),
    );
  }

  findMany(tenant: Tenant, ids: readonly string[]): Promise<ContactRow[]> {
    return this.rows<ContactRow & Record<string, unknown>>(tenant, SQL.FIND_MANY, ids);
  }

  async findSlice(tenant: Tenant, filters: ContactFilters, page: ContactPageOf): Promise<ContactsFound> {
    const binding = new Binding();
    const text = pageOfContacts(await this.known(tenant, filters), { ...page, limit: page.limit + 1 }, binding, now());
    return this.listed(tenant, text, binding, page.limit);
  }

  /** By their numbers. */
  async findAfter(
    tenant: Tenant,
    filters: ContactFilters,
    after: number,
    limit: number,
  ): Promise<readonly ContactRow[]> {
    const binding = new Binding();
    const text = contactsAfter(await this.known(tenant, filters), { after, limit }, binding, now());
    return (await this.listed(tenant, text, binding, limit)).items;
  }

  /** @param text of a statement that finds their numbers; more than `limit`: then more follow */
  private async listed(tenant: Tenant, text: string, { values }: Binding, limit: number): Promise<ContactsFound> {
    const found = await this.rows<{ number: number }>(tenant, { text }, ...values);
    const numbers = found.slice(0, limit).map(({ number }) => number);
    const items = await this.rows<ContactRow & Record<string, unknown>>(tenant, SQL.FIND_LISTED, numbers);
    return { items, hasMore: found.length > limit };
  }

  async count(tenant: Tenant, filters: ContactFilters): Promise<number> {
    const binding = new Binding();
    const text = countOfContacts(await this.known(tenant, filters), binding, now());
    return (await this.rows<{ total: number }>(tenant, { text }, ...binding.values))[0]!.total;
  }

  private async known(tenant: Tenant, filters: ContactFilters): Promise<KnownFilters> {
    const ids = await idsIn(filters.filter, (...numbers) => this.rows<NamedRow>(tenant, FIND_NAMED, ...numbers));
    return { ...filters, ids };
  }

  /** @param status null: of all */
  async countByStatus(tenant: Tenant, status: ContactStatus | null): Promise<number> {
    const rows = await this.rows<{ name: string; value: number }>(tenant, SQL.COUNT_BY_STATUS);
    return rows
      .filter(({ name }) => status === null || name === `contacts.${status}`)
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** Holds it until the commit. */
  async lock(tenant: Tenant, ref: ObjectRef): Promise<HeldContact | null> {
    return (await this.row<HeldContact & Record<string, unknown>>(tenant, SQL.LOCK, ...refValues(ref))) ?? null;
  }

  /** False where the e-mail is taken. */
  async insertCustomer(tenant: Tenant, id: string, customer: CustomerFields): Promise<boolean> {
    const { name, email, profile, metadata, phone = null } = customer;
    const [written, kept] = [JSON.stringify(profile), Object.keys(metadata).length ? JSON.stringify(metadata) : null];
    const made = await this.rowUnlessTaken(tenant, SQL.CREATE_CUSTOMER, id, name, email, written, kept, phone);
    return made !== undefined && made !== 'taken';
  }

  async findEmail(
    tenant: Tenant,
    email: string,
    except: string | null,
  ): Promise<{ readonly taken: boolean; readonly own: boolean }> {
    return (await this.row<{ taken: boolean; own: boolean }>(tenant, SQL.FIND_EMAIL, email, except))!;
  }

  async update(tenant: Tenant, id: string, fields: ContactFields): Promise<void> {
    const { firstName, lastName, email, phone, company, jobTitle, city, country, timezone } = fields;
    await this.row(
      ...([tenant, SQL.UPDATE, id, firstName, lastName, email, phone, company, jobTitle, city, country] as const),
      ...[timezone, fields.leadScore, fields.status, JSON.stringify(fields.customFields)],
    );
  }

  /** 'taken' where another has the e-mail. */
  async updateCustomer(tenant: Tenant, id: string, customer: CustomerFields): Promise<'taken' | undefined> {
    const { name, email, profile, metadata, phone } = customer;
    const written = profile && JSON.stringify(profile);
    const kept = Object.keys(metadata).length ? JSON.stringify(metadata) : null;
    const values = [id, name, email, written, kept, phone !== undefined, phone ?? null];
    return (await this.rowUnlessTaken(tenant, SQL.UPDATE_CUSTOMER, ...values)) === 'taken' ? 'taken' : undefined;
  }
}
