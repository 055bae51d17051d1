import { Injectable } from '@nestjs/common';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { itemsOf, type KnownSlice, type NumberedItems } from '../number-slice.js';
import * as SQL from './desks.sql.js';

/** `id` is the customer's. */
export interface DeskRow extends Record<string, unknown> {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly externalId: string | null;
  readonly welcome: string | null;
  readonly createdAt: Date;
}

@Injectable()
export class DesksRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  /** False where there are as many as there may be. */
  async insert(tenant: Tenant, id: string, welcome: string | null, most: number): Promise<boolean> {
    return (await this.row(tenant, SQL.CREATE, id, welcome, most)) !== undefined;
  }

  /** @param ref null: the oldest */
  async find(tenant: Tenant, ref: ObjectRef | null): Promise<DeskRow | null> {
    return (await this.row<DeskRow>(tenant, SQL.FIND, ...(ref === null ? [null, null] : refValues(ref)))) ?? null;
  }

  async list(tenant: Tenant, { limit, offset, after, direction }: KnownSlice): Promise<NumberedItems<DeskRow>> {
    const rows = await this.rows<DeskRow & { readonly totalItems: number }>(
      ...([tenant, SQL.LIST[direction], limit + 1, offset, after] as const),
    );
    return itemsOf(rows, limit);
  }

  async setWelcome(tenant: Tenant, id: string, welcome: string | null): Promise<void> {
    await this.row(tenant, SQL.WELCOME, id, welcome);
  }

  async release(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, SQL.RELEASE, id);
  }

  /** Before what the customer chats with a desk in is looked for, or made. */
  async holdChat(tenant: Tenant, deskId: string, customerId: string): Promise<void> {
    await this.row(tenant, SQL.HOLD_CHAT, deskId, customerId);
  }

  /** The channel that such a chat goes on in; null where it begins anew. */
  async findChat(tenant: Tenant, deskId: string, customerId: string): Promise<string | null> {
    return (await this.row<{ id: string }>(tenant, SQL.FIND_CHAT, deskId, customerId))?.id ?? null;
  }
}
