import { Injectable } from '@nestjs/common';
import { LOCK_CLIENT } from '../../clients/client-lock.sql.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { slicedOf, type NumberedRow, type Slice, type Sliced } from '../../platform/database/numbered-list.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { Template } from './template.entity.js';
import { COUNT, CREATE, DELETE, FIND, FIND_FOR, LIST, UPDATE } from './templates.sql.js';

export type TemplateRow = Pick<Template, 'id' | 'name' | 'body' | 'createdAt' | 'updatedAt'>;
/** What it says, and what whom it is for is called, where that is known. */
export type AddressedTemplate = Pick<Template, 'body'> & { readonly personName: string | null };

@Injectable()
export class TemplatesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Until the end of the transaction nobody else adds to them. */
  async count(tenant: Tenant): Promise<number> {
    await this.row(tenant, LOCK_CLIENT);
    return (await this.row<{ total: number }>(tenant, COUNT))!.total;
  }

  async insert(
    tenant: Tenant,
    { id, name, body }: Pick<Template, 'id' | 'name' | 'body'>,
  ): Promise<TemplateRow | 'taken'> {
    return (await this.rowUnlessTaken<TemplateRow>(tenant, CREATE, id, name, body))!;
  }

  async find(tenant: Tenant, id: string): Promise<TemplateRow | null> {
    return (await this.row<TemplateRow>(tenant, FIND, id)) ?? null;
  }

  /** @param number in international format */
  async findFor(tenant: Tenant, id: string, number: string): Promise<AddressedTemplate | null> {
    return (await this.row<AddressedTemplate>(tenant, FIND_FOR, id, number)) ?? null;
  }

  async list(tenant: Tenant, { limit, offset }: Slice): Promise<Sliced<TemplateRow>> {
    return slicedOf(await this.rows<NumberedRow<TemplateRow>>(tenant, LIST, limit, offset));
  }

  /** Null where there is none. */
  async update(
    tenant: Tenant,
    id: string,
    { name, body }: Partial<Nullable<Pick<Template, 'name' | 'body'>>>,
  ): Promise<TemplateRow | null | 'taken'> {
    return (await this.rowUnlessTaken<TemplateRow>(tenant, UPDATE, id, name ?? null, body ?? null)) ?? null;
  }

  /** What it was; null where there is none. */
  async delete(tenant: Tenant, id: string): Promise<TemplateRow | null> {
    return (await this.row<TemplateRow>(tenant, DELETE, id)) ?? null;
  }
}

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };
