import { Injectable } from '@nestjs/common';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { itemsOf, type KnownSlice, type NumberedItems } from '../number-slice.js';
import type { Tag } from './tag.entity.js';
import * as SQL from './tags.sql.js';

export type TagRow = Pick<Tag, 'id' | 'name' | 'color' | 'contactsCount' | 'createdAt'> & { readonly number: number };

@Injectable()
export class TagsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Undefined where there are as many as there may be. */
  insert(
    tenant: Tenant,
    { id, name, color }: Pick<Tag, 'id' | 'name' | 'color'>,
    most: number,
  ): Promise<TagRow | undefined | 'taken'> {
    return this.rowUnlessTaken<TagRow>(tenant, SQL.CREATE, id, name, color, most);
  }

  async find(tenant: Tenant, ref: ObjectRef): Promise<TagRow | null> {
    return (await this.row<TagRow>(tenant, SQL.FIND, ...refValues(ref))) ?? null;
  }

  findMany(tenant: Tenant, refs: readonly ObjectRef[]): Promise<TagRow[]> {
    const numbers = refs.filter((ref) => typeof ref === 'number');
    const ids = refs.filter((ref) => typeof ref === 'string');
    return this.rows<TagRow>(tenant, SQL.FIND_MANY, numbers, ids);
  }

  async list(tenant: Tenant, slice: KnownSlice, like: string | null): Promise<NumberedItems<TagRow>> {
    const { limit, offset, after, direction } = slice;
    const rows = await this.rows<TagRow & { readonly totalItems: number }>(
      ...([tenant, SQL.LIST[direction], limit + 1, offset, after, like] as const),
    );
    return itemsOf(rows, limit);
  }

  update(
    tenant: Tenant,
    ref: ObjectRef,
    { name, color }: { readonly name: string | null; readonly color: string | null },
  ): Promise<TagRow | undefined | 'taken'> {
    return this.rowUnlessTaken<TagRow>(tenant, SQL.UPDATE, ...refValues(ref), name, color);
  }

  untagSome(tenant: Tenant, id: string, most: number): Promise<number> {
    return this.transaction(tenant, async () => {
      await this.hold(tenant, null, [id]);
      return (await this.rows(tenant, SQL.UNTAG_SOME, id, most)).length;
    });
  }

  /** Until the commit: these, and those of the contact. */
  async hold(tenant: Tenant, contactId: string | null, tagIds: readonly string[]): Promise<void> {
    await this.rows(tenant, SQL.HOLD, contactId, tagIds);
  }

  async remove(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, SQL.REMOVE, id);
  }

  /** @returns the contacts that changed */
  async tag(tenant: Tenant, contactIds: readonly string[], tagIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(await this.rows<{ id: string }>(tenant, SQL.TAG, contactIds, tagIds));
  }

  /** By the names that were asked for. */
  async findByNames(tenant: Tenant, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.rows<{ name: string; id: string }>(tenant, SQL.FIND_BY_NAMES, names);
    return new Map(rows.map(({ name, id }) => [name, id]));
  }

  /** Within a transaction. */
  async mark(tenant: Tenant, marks: readonly { readonly contactId: string; readonly tagId: string }[]): Promise<void> {
    const tagIds = marks.map(({ tagId }) => tagId);
    await this.hold(tenant, null, [...new Set(tagIds)]);
    await this.rows(
      tenant,
      SQL.MARK,
      marks.map(({ contactId }) => contactId),
      tagIds,
    );
  }

  /** @returns the contacts that changed */
  async untag(tenant: Tenant, contactIds: readonly string[], tagIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(await this.rows<{ id: string }>(tenant, SQL.UNTAG, contactIds, tagIds));
  }

  async untagOthers(tenant: Tenant, contactId: string, tagIds: readonly string[]): Promise<void> {
    await this.rows(tenant, SQL.UNTAG_OTHERS, contactId, tagIds);
  }
}

function idsOf(rows: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(rows.map(({ id }) => id));
}
