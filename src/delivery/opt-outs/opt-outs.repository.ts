import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { OptOut } from './opt-out.entity.js';
import { CREATE, END, END_OF_NUMBER, FIND, FIND_MANY, FIND_OF_NUMBER, LIST } from './opt-outs.sql.js';

export type OptOutRow = Pick<OptOut, 'id' | 'scopeId' | 'number' | 'source' | 'keyword' | 'createdAt' | 'endedAt'>;
export type NewOptOut = Pick<OptOut, 'id' | 'scopeId' | 'personId' | 'source' | 'keyword'> & {
  readonly number: string;
  /** When the person said so; absent: now. */
  readonly at?: Date;
};

@Injectable()
export class OptOutsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where there is one. */
  async insert(tenant: Tenant, row: NewOptOut): Promise<OptOutRow | null> {
    const { id, scopeId, number, personId, source, keyword, at = null } = row;
    return (await this.row<OptOutRow>(tenant, CREATE, id, scopeId, number, personId, source, keyword, at)) ?? null;
  }

  /** Those that there were at that time, or now. @param addressId null: those of all addresses */
  endOfNumber(tenant: Tenant, addressId: string | null, number: string, at: Date | null = null): Promise<OptOutRow[]> {
    return this.rows<OptOutRow>(tenant, END_OF_NUMBER, addressId, number, at);
  }

  /** One that has not ended. */
  async find(tenant: Tenant, id: string): Promise<OptOutRow | null> {
    return (await this.row<OptOutRow>(tenant, FIND, id)) ?? null;
  }

  /** Null where there is none that may be ended by hand. */
  async end(tenant: Tenant, id: string): Promise<OptOutRow | null> {
    return (await this.row<OptOutRow>(tenant, END, id)) ?? null;
  }

  /** Newest first. */
  async list(
    tenant: Tenant,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly items: readonly OptOutRow[]; readonly total: number }> {
    const rows = await this.rows<OptOutRow & { readonly total: number }>(tenant, LIST, limit, offset);
    return { total: rows[0]!.total, items: rows.filter(({ id }) => id !== null) };
  }

  findMany(tenant: Tenant, ids: readonly string[]): Promise<OptOutRow[]> {
    return this.rows<OptOutRow & Record<string, unknown>>(tenant, FIND_MANY, ids);
  }

  /** The one that keeps the address from writing to the number. */
  async findOfNumber(tenant: Tenant, addressId: string, number: string): Promise<OptOutRow | null> {
    return (await this.row<OptOutRow>(tenant, FIND_OF_NUMBER, addressId, number)) ?? null;
  }
}
