import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import type { PageRow } from '../../../platform/database/page-rows.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import type { ChannelPageQuery, LayerChannelRow, MembershipRow } from './channel-row.js';
import { FIND_SEEN, LIST, LIST_MEMBERS } from './layer-channels.sql.js';

/** A channel, and the customer who looks at it. */
export interface Seen {
  readonly channelId: string;
  readonly viewerId: string;
}
export type SeenRow = LayerChannelRow & Pick<Seen, 'viewerId'>;

export interface MembersPage {
  readonly total: number;
  readonly isMember: boolean;
  readonly members: readonly MembershipRow[];
}

@Injectable()
export class LayerChannelsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** In any order, without those that do not exist. */
  async findSeen(tenant: Tenant, seen: readonly Seen[]): Promise<SeenRow[]> {
    const [channelIds, viewerIds] = [seen.map(({ channelId }) => channelId), seen.map(({ viewerId }) => viewerId)];
    return seen.length === 0
      ? []
      : this.rows<SeenRow & Record<string, unknown>>(tenant, FIND_SEEN, channelIds, viewerIds);
  }

  /** Null where `fromId` is not in the list. */
  async list(
    tenant: Tenant,
    viewer: string,
    { pageSize, fromId = null }: ChannelPageQuery,
  ): Promise<{ rows: LayerChannelRow[]; total: number } | null> {
    const rows = await this.rows<PageRow<LayerChannelRow>>(tenant, LIST, pageSize, fromId, viewer);
    const { totalCount, cursorFound } = rows[0]!;
    return cursorFound ? { rows: rows.filter((row) => row.id !== null), total: totalCount } : null;
  }

  /** Null where there is no such channel. */
  async listMembers(
    tenant: Tenant,
    viewer: string,
    channelId: string,
    { pageSize, fromId = null }: ChannelPageQuery,
  ): Promise<MembersPage | null> {
    const values = [channelId, viewer, pageSize, fromId];
    return (await this.row<MembersPage & Record<string, unknown>>(tenant, LIST_MEMBERS, ...values)) ?? null;
  }
}
