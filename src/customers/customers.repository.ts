import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '../common/pagination/page.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { Database } from '../database/database.js';
import { pageOf, type PageRow } from '../database/page-rows.js';
import { TenantRepository } from '../database/tenant.repository.js';
import type { Customer } from './customer.entity.js';
import {
  CREATE,
  FIND,
  FIND_BY_EMAIL,
  FIND_MANY,
  LIST,
  LIST_ACTIVE,
  LIST_ACTIVE_FOR_SENDER,
  UPDATE,
} from './customers.sql.js';

/** What is read of a customer. */
export type CustomerRow = Pick<Customer, 'id' | 'name' | 'email' | 'metadata' | 'createdAt' | 'latestMessageAt'>;
type NewRow = Pick<Customer, 'id' | 'name' | 'email' | 'metadata'>;

interface CustomerChangeRow {
  readonly name: string | null;
  readonly email: string | null;
  /** Whether `metadata` is given: null is a value of it. */
  readonly hasMetadata: boolean;
  readonly metadata: Record<string, unknown> | null;
}

/** PostgreSQL's code for a key that another row has. */
const UNIQUE_VIOLATION = '23505';

@Injectable()
export class CustomersRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where the e-mail is taken. */
  async insert(tenant: Tenant, { id, name, email, metadata }: NewRow): Promise<CustomerRow | null> {
    return (await this.row<CustomerRow>(tenant, CREATE, id, name, email, metadata && JSON.stringify(metadata))) ?? null;
  }

  /** Null in `change` keeps what there is. A customer that is not there is not changed either. */
  async update(tenant: Tenant, id: string, change: CustomerChangeRow): Promise<'done' | 'taken'> {
    const { name, email, hasMetadata, metadata } = change;
    try {
      await this.row(tenant, UPDATE, id, name, email, hasMetadata, metadata && JSON.stringify(metadata));
      return 'done';
    } catch (error) {
      if ((error as { code?: string }).code === UNIQUE_VIOLATION) {
        return 'taken';
      }
      throw error;
    }
  }

  async find(tenant: Tenant, id: string): Promise<CustomerRow | null> {
    return (await this.row<CustomerRow>(tenant, FIND, id)) ?? null;
  }

  async findMany(tenant: Tenant, ids: readonly string[]): Promise<CustomerRow[]> {
    return ids.length === 0 ? [] : this.rows<CustomerRow>(tenant, FIND_MANY, ids);
  }

  async findByEmail(tenant: Tenant, email: string): Promise<CustomerRow | null> {
    return (await this.row<CustomerRow>(tenant, FIND_BY_EMAIL, email)) ?? null;
  }

  async list(tenant: Tenant, { limit, startingAfter }: PageQuery): Promise<Page<CustomerRow>> {
    return pageOf(await this.rows<PageRow<CustomerRow>>(tenant, LIST, limit + 1, startingAfter), limit);
  }

  async listActive(tenant: Tenant, { limit, startingAfter }: PageQuery): Promise<Page<CustomerRow>> {
    return pageOf(await this.rows<PageRow<CustomerRow>>(tenant, LIST_ACTIVE, limit + 1, startingAfter), limit);
  }

  async listActiveForSender(
    tenant: Tenant,
    email: string,
    { limit, startingAfter }: PageQuery,
  ): Promise<Page<CustomerRow>> {
    const rows = await this.rows<PageRow<CustomerRow>>(tenant, LIST_ACTIVE_FOR_SENDER, limit + 1, startingAfter, email);
    return pageOf(rows, limit);
  }
}
