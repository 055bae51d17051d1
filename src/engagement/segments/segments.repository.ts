import { Injectable } from '@nestjs/common';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { itemsOf, type KnownSlice, type NumberedItems } from '../number-slice.js';
import type { Filter } from './filter.js';
import type { Segment } from './segment.entity.js';
import * as SQL from './segments.sql.js';

export type SegmentRow = Pick<Segment, 'id' | 'name' | 'type' | 'filter' | 'createdAt'> & {
  readonly number: number;
  /** Null where it is dynamic. */
  readonly membersCount: number | null;
};

@Injectable()
export class SegmentsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where there are as many as there may be. */
  async insert(
    tenant: Tenant,
    { id, name, type, filter }: Pick<Segment, 'id' | 'name' | 'type' | 'filter'>,
    most: number,
  ): Promise<SegmentRow | null> {
    const written = filter && JSON.stringify(filter);
    return (await this.row<SegmentRow>(tenant, SQL.CREATE, id, name, type, written, most)) ?? null;
  }

  async find(tenant: Tenant, ref: ObjectRef): Promise<SegmentRow | null> {
    return (await this.row<SegmentRow>(tenant, SQL.FIND, ...refValues(ref))) ?? null;
  }

  findStatic(tenant: Tenant, refs: readonly ObjectRef[]): Promise<Pick<SegmentRow, 'id' | 'number'>[]> {
    const numbers = refs.filter((ref) => typeof ref === 'number');
    return this.rows(
      tenant,
      SQL.FIND_STATIC,
      numbers,
      refs.filter((ref) => typeof ref === 'string'),
    );
  }

  findCampaigns(
    tenant: Tenant,
    refs: readonly ObjectRef[],
  ): Promise<{ readonly id: string; readonly number: number }[]> {
    const numbers = refs.filter((ref) => typeof ref === 'number');
    return this.rows(
      tenant,
      SQL.FIND_CAMPAIGNS,
      numbers,
      refs.filter((ref) => typeof ref === 'string'),
    );
  }

  /** Whether a campaign that is not sent yet is for it. */
  async isAudience(tenant: Tenant, ref: ObjectRef): Promise<boolean> {
    return (await this.row(tenant, SQL.IS_AUDIENCE, ...refValues(ref))) !== undefined;
  }

  async list(tenant: Tenant, slice: KnownSlice): Promise<NumberedItems<SegmentRow>> {
    const { limit, offset, after, direction } = slice;
    const rows = await this.rows<SegmentRow & { readonly totalItems: number }>(
      ...([tenant, SQL.LIST[direction], limit + 1, offset, after] as const),
    );
    return itemsOf(rows, limit);
  }

  async update(
    tenant: Tenant,
    ref: ObjectRef,
    { name, filter }: { readonly name: string | null; readonly filter: Filter | null },
  ): Promise<SegmentRow | null> {
    const written = filter && JSON.stringify(filter);
    return (await this.row<SegmentRow>(tenant, SQL.UPDATE, ...refValues(ref), name, written)) ?? null;
  }

  async remove(tenant: Tenant, ref: ObjectRef): Promise<boolean> {
    return (await this.row(tenant, SQL.REMOVE, ...refValues(ref))) !== undefined;
  }

  /** @returns how many were not in it */
  async addMembers(tenant: Tenant, id: string, contactIds: readonly string[]): Promise<number> {
    return (await this.rows(tenant, SQL.ADD_MEMBERS, id, contactIds)).length;
  }

  async removeMembers(tenant: Tenant, id: string, contactIds: readonly string[]): Promise<void> {
    await this.row(tenant, SQL.REMOVE_MEMBERS, id, contactIds);
  }
}
