import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '../platform/common/pagination/page.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { Database } from '../platform/database/database.js';
import { TenantRepository } from '../platform/database/tenant.repository.js';
import type { ChannelRow } from './channel-row.js';
import type { Channel } from './channel.entity.js';
import {
  CREATE,
  FIND,
  FIND_BY_REUSE_KEY,
  FIND_LOCKED,
  FIND_MANY,
  HOLD_KEYS,
  LIST,
  LOCK,
  UPDATE,
} from './channels.sql.js';

export type NewRow = Pick<Channel, 'id' | 'type' | 'name' | 'reuseKey' | 'metadata'> & {
  /** Of an open channel. */
  readonly ownerId: string | null;
};

/** A channel that nobody else changes before the commit. */
export type LockedChannel = Pick<Channel, 'id' | 'type' | 'name' | 'metadata' | 'isOpen' | 'reuseKey'> & {
  readonly customerIds: readonly string[];
};
export type Keyed = Pick<Channel, 'id' | 'reuseKey'>;

@Injectable()
export class ChannelsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** `known`: how many of the customers are this client's. `id` is null where nothing was made: someone is unknown, or the channel is there. */
  async insert(
    tenant: Tenant,
    { id, type, name, reuseKey, metadata, ownerId }: NewRow,
    customerIds: readonly string[],
  ): Promise<{ known: number; id: string | null }> {
    const row = await this.row<{ known: number; id: string | null }>(
      tenant,
      CREATE,
      id,
      type,
      name,
      reuseKey,
      customerIds,
      metadata && JSON.stringify(metadata),
      ownerId,
    );
    return row!;
  }

  /** @param viewer the customer who asks, where it is one: it sees the channels it is in */
  async find(tenant: Tenant, id: string, viewer: string | null): Promise<ChannelRow | null> {
    return (await this.row<ChannelRow>(tenant, FIND, id, viewer)) ?? null;
  }

  async findMany(tenant: Tenant, ids: readonly string[]): Promise<ChannelRow[]> {
    return ids.length === 0 ? [] : this.rows<ChannelRow>(tenant, FIND_MANY, ids);
  }

  async findByReuseKey(tenant: Tenant, reuseKey: Buffer): Promise<ChannelRow | null> {
    return (await this.row<ChannelRow>(tenant, FIND_BY_REUSE_KEY, reuseKey)) ?? null;
  }

  list(tenant: Tenant, query: PageQuery): Promise<Page<ChannelRow>> {
    return this.page(tenant, LIST, query);
  }

  /** Those there are, in the order of their ids. In two statements: the second sees what the first waited for. */
  async lock(tenant: Tenant, ids: readonly string[]): Promise<LockedChannel[]> {
    await this.rows(tenant, LOCK, ids);
    return this.rows<LockedChannel>(tenant, FIND_LOCKED, ids);
  }

  /** Before locked channels get other keys. */
  async holdKeys(tenant: Tenant, next: readonly Keyed[]): Promise<void> {
    const ids = next.map(({ id }) => id);
    await this.rows(
      tenant,
      HOLD_KEYS,
      ids,
      next.map(({ reuseKey }) => reuseKey),
    );
  }

  async update(tenant: Tenant, { id, type, name, metadata, reuseKey }: LockedChannel): Promise<void> {
    await this.row(tenant, UPDATE, id, name, metadata && JSON.stringify(metadata), reuseKey, type);
  }
}
