import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '../common/pagination/page.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { Database } from '../database/database.js';
import { pageOf, type PageRow } from '../database/page-rows.js';
import { TenantRepository } from '../database/tenant.repository.js';
import type { Channel, ChannelType } from './channel.entity.js';
import {
  CREATE,
  FIND,
  FIND_BY_REUSE_KEY,
  FIND_MANY,
  LIST,
  LIST_CONVERSATIONS,
  LIST_FOR_CUSTOMER,
} from './channels.sql.js';

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

/** What is read of a channel, its members included. */
export type ChannelRow = Pick<Channel, 'id' | 'type' | 'name' | 'createdAt'> & {
  readonly customers: readonly Member[];
};
type NewRow = Pick<Channel, 'id' | 'type' | 'name' | 'reuseKey'>;

/** All the channels that a customer shares with one other. */
export interface ConversationRow extends Member {
  readonly latestMessageAt: Date;
  readonly channels: ReadonlyArray<{
    readonly id: string;
    readonly type: ChannelType;
    readonly name: string;
    /** Unix seconds. */
    readonly updatedAt: number;
  }>;
}

@Injectable()
export class ChannelsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** `known`: how many of the customers are this client's. `id` is null where nothing was made: someone is unknown, or the channel is there. */
  async insert(
    tenant: Tenant,
    { id, type, name, reuseKey }: NewRow,
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
    );
    return row!;
  }

  async find(tenant: Tenant, id: string): Promise<ChannelRow | null> {
    return (await this.row<ChannelRow>(tenant, FIND, id)) ?? null;
  }

  async findMany(tenant: Tenant, ids: readonly string[]): Promise<ChannelRow[]> {
    return ids.length === 0 ? [] : this.rows<ChannelRow>(tenant, FIND_MANY, ids);
  }

  async findByReuseKey(tenant: Tenant, reuseKey: Buffer): Promise<ChannelRow | null> {
    return (await this.row<ChannelRow>(tenant, FIND_BY_REUSE_KEY, reuseKey)) ?? null;
  }

  async list(tenant: Tenant, { limit, startingAfter }: PageQuery): Promise<Page<ChannelRow>> {
    return pageOf(await this.rows<PageRow<ChannelRow>>(tenant, LIST, limit + 1, startingAfter), limit);
  }

  /** Null where there is no such customer. */
  async listForCustomer(
    tenant: Tenant,
    customerId: string,
    { limit, startingAfter }: PageQuery,
  ): Promise<Page<ChannelRow> | null> {
    const rows = await this.rows<PageRow<ChannelRow>>(tenant, LIST_FOR_CUSTOMER, limit + 1, startingAfter, customerId);
    return rows.length === 0 ? null : pageOf(rows, limit);
  }

  /** Null where no customer has this e-mail. */
  async listConversations(
    tenant: Tenant,
    email: string,
    { limit, startingAfter }: PageQuery,
  ): Promise<Page<ConversationRow> | null> {
    const rows = await this.rows<PageRow<ConversationRow>>(tenant, LIST_CONVERSATIONS, limit + 1, startingAfter, email);
    return rows.length === 0 ? null : pageOf(rows, limit);
  }
}
