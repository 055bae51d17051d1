import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '../platform/common/pagination/page.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { Database } from '../platform/database/database.js';
import { TenantRepository } from '../platform/database/tenant.repository.js';
import type { Customer, CustomerProfile } from './customer.entity.js';
import {
  CREATE,
  CREATE_MANY,
  FIND,
  FIND_BY_EMAIL,
  FIND_BY_EXTERNAL_IDS,
  FIND_BY_PHONE,
  FIND_MANY,
  LIST,
  LIST_ACTIVE,
  LIST_ACTIVE_FOR_SENDER,
  UPDATE,
  UPDATE_PROFILE,
} from './customers.sql.js';

/** What is read of a customer. */
export type CustomerRow = Pick<
  Customer,
  | 'id'
  | 'name'
  | 'email'
  | 'phone'
  | 'kind'
  | 'externalId'
  | 'profile'
  | 'metadata'
  | 'createdAt'
  | 'latestMessageAt'
  | 'lastSeenAt'
>;
type NewRow = Pick<Customer, 'id' | 'name' | 'email' | 'phone' | 'kind' | 'externalId' | 'metadata'>;

interface CustomerChangeRow {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly externalId: string | null;
  /** Whether `metadata` is given: null is a value of it. */
  readonly hasMetadata: boolean;
  readonly metadata: Record<string, unknown> | null;
}

@Injectable()
export class CustomersRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where the e-mail, the phone number or the external id is taken. */
  async insert(tenant: Tenant, row: NewRow): Promise<CustomerRow | null> {
    const { id, name, email, phone, kind, externalId, metadata } = row;
    const written = metadata && JSON.stringify(metadata);
    const values = [id, name, email, externalId, written, phone, kind];
    const made = await this.rowUnlessTaken<CustomerRow>(tenant, CREATE, ...values);
    return made === 'taken' ? null : (made ?? null);
  }

  /** Those of them whose external id was free, in no order. */
  insertMany(tenant: Tenant, rows: readonly { id: string; externalId: string }[]): Promise<CustomerRow[]> {
    const ids = rows.map(({ id }) => id);
    const externalIds = rows.map(({ externalId }) => externalId);
    return this.rows<CustomerRow>(tenant, CREATE_MANY, ids, externalIds);
  }

  /** Null in `change` keeps what there is. A customer that is not there is not changed either. */
  async update(tenant: Tenant, id: string, change: CustomerChangeRow): Promise<'done' | 'taken'> {
    const { name, email, phone, externalId, hasMetadata, metadata } = change;
    const values = [name, email, externalId, hasMetadata, metadata && JSON.stringify(metadata), phone];
    const row = await this.row<{ isTaken: boolean }>(tenant, UPDATE, id, ...values);
    return row!.isTaken ? 'taken' : 'done';
  }

  /** Null keeps what there is. */
  async updateProfile(tenant: Tenant, id: string, name: string | null, profile: CustomerProfile | null): Promise<void> {
    await this.row(tenant, UPDATE_PROFILE, id, name, profile && JSON.stringify(profile));
  }

  async find(tenant: Tenant, id: string): Promise<CustomerRow | null> {
    return (await this.row<CustomerRow>(tenant, FIND, id)) ?? null;
  }

  async findMany(tenant: Tenant, ids: readonly string[]): Promise<CustomerRow[]> {
    return ids.length === 0 ? [] : this.rows<CustomerRow>(tenant, FIND_MANY, ids);
  }

  /** Who has it, or had it before it was merged. */
  async findByEmail(tenant: Tenant, email: string): Promise<CustomerRow | null> {
    return (await this.row<CustomerRow>(tenant, FIND_BY_EMAIL, email)) ?? null;
  }

  async findByPhone(tenant: Tenant, phone: string): Promise<CustomerRow | null> {
    return (await this.row<CustomerRow>(tenant, FIND_BY_PHONE, phone)) ?? null;
  }

  /** Those with one of these external ids or ids, in no order. */
  findByExternalIds(
    tenant: Tenant,
    externalIds: readonly string[],
    ids: readonly string[] = [],
  ): Promise<CustomerRow[]> {
    return this.rows<CustomerRow>(tenant, FIND_BY_EXTERNAL_IDS, externalIds, ids);
  }

  list(tenant: Tenant, query: PageQuery): Promise<Page<CustomerRow>> {
    return this.page(tenant, LIST, query);
  }

  listActive(tenant: Tenant, query: PageQuery): Promise<Page<CustomerRow>> {
    return this.page(tenant, LIST_ACTIVE, query);
  }

  listActiveForSender(tenant: Tenant, email: string, query: PageQuery): Promise<Page<CustomerRow>> {
    return this.page(tenant, LIST_ACTIVE_FOR_SENDER, query, email);
  }
}
