import { Injectable } from '@nestjs/common';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { itemsOf, type KnownSlice, type NumberedItems } from '../number-slice.js';
import type { Suppression, SuppressionReason } from './suppression.entity.js';
import { CREATE, CREATE_MANY, FIND, FIND_OF_EMAIL, LIFT, LIFT_MANY, LIST, REMOVE } from './suppressions.sql.js';

export type SuppressionRow = Pick<Suppression, 'id' | 'email' | 'reason' | 'source' | 'createdAt'> & {
  readonly number: number;
};

@Injectable()
export class SuppressionsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where it is suppressed already. */
  async insert(
    tenant: Tenant,
    { id, email, reason, source }: Pick<Suppression, 'id' | 'reason' | 'source'> & { readonly email: string },
  ): Promise<SuppressionRow | null> {
    return (await this.row<SuppressionRow>(tenant, CREATE, id, email, reason, source)) ?? null;
  }

  async find(tenant: Tenant, ref: ObjectRef): Promise<SuppressionRow | null> {
    return (await this.row<SuppressionRow>(tenant, FIND, ...refValues(ref))) ?? null;
  }

  async findOfEmail(tenant: Tenant, email: string): Promise<SuppressionRow | null> {
    return (await this.row<SuppressionRow>(tenant, FIND_OF_EMAIL, email)) ?? null;
  }

  async list(
    tenant: Tenant,
    slice: KnownSlice,
    reason: SuppressionReason | null,
    email: string | null,
  ): Promise<NumberedItems<SuppressionRow>> {
    const { limit, offset, after, direction } = slice;
    const rows = await this.rows<SuppressionRow & { readonly totalItems: number }>(
      ...([tenant, LIST[direction], limit + 1, offset, after, reason, email] as const),
    );
    return itemsOf(rows, limit);
  }

  async remove(tenant: Tenant, ref: ObjectRef): Promise<boolean> {
    return (await this.row(tenant, REMOVE, ...refValues(ref))) !== undefined;
  }

  async insertMany(
    tenant: Tenant,
    rows: readonly { readonly id: string; readonly email: string }[],
    reason: SuppressionReason,
    source: string,
  ): Promise<void> {
    const [ids, emails] = [rows.map(({ id }) => id), rows.map(({ email }) => email)];
    await this.row(tenant, CREATE_MANY, ids, emails, reason, source);
  }

  async liftMany(tenant: Tenant, emails: readonly string[]): Promise<void> {
    await this.row(tenant, LIFT_MANY, emails);
  }

  async lift(tenant: Tenant, email: string): Promise<void> {
    await this.row(tenant, LIFT, email);
  }
}
