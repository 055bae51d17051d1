import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import type { ConversationRow, ConversationsQuery, Metadata, Place } from './conversation-row.js';
import {
  FIND_MANY,
  FIND_PLACE,
  HOLD_METADATA,
  LIST_BY_CREATION,
  LIST_BY_LAST_MESSAGE,
} from './layer-conversations.sql.js';

type ListedRow = (ConversationRow | { readonly id: null }) & { readonly total: number; readonly cursorFound: boolean };

@Injectable()
export class LayerConversationsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Those that `viewer` is in, or was. */
  async findMany(tenant: Tenant, viewer: string, ids: readonly string[]): Promise<ConversationRow[]> {
    return ids.length === 0 ? [] : this.rows<ConversationRow & Record<string, unknown>>(tenant, FIND_MANY, viewer, ids);
  }

  /** Those that `viewer` is in. Null where there is none to start after. */
  async list(
    tenant: Tenant,
    viewer: string,
    { pageSize, sortBy, fromId = null }: ConversationsQuery,
  ): Promise<{ rows: ConversationRow[]; total: number } | null> {
    const statement = sortBy === 'created_at' ? LIST_BY_CREATION : LIST_BY_LAST_MESSAGE;
    const rows = await this.rows<ListedRow & Record<string, unknown>>(tenant, statement, viewer, pageSize, fromId);
    const { total, cursorFound } = rows[0]!;
    return cursorFound ? { rows: rows.filter((row) => row.id !== null), total } : null;
  }

  /** Null where `viewer` is a stranger, or there is no such channel. */
  async findPlace(tenant: Tenant, viewer: string, channelId: string, position: number | null): Promise<Place | null> {
    return (await this.row<Place & Record<string, unknown>>(tenant, FIND_PLACE, viewer, channelId, position)) ?? null;
  }

  /** Null where there is no such channel any more. */
  async holdMetadata(tenant: Tenant, channelId: string): Promise<{ metadata: Metadata | null } | null> {
    return (await this.row<{ metadata: Metadata | null }>(tenant, HOLD_METADATA, channelId)) ?? null;
  }
}
