import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import { FIND_MANY, LIST } from './layer-messages.sql.js';
import type { SaidRow, Standing } from './message-row.js';

/** What one customer sees of a channel. */
export interface SeenRow extends SaidRow {
  readonly standing: Standing;
}

/** A page of a channel. */
export interface ListedRow extends SeenRow {
  readonly total: number;
  readonly cursorFound: boolean;
}

export interface LayerPageQuery {
  readonly pageSize: number;
  /** The id (a UUID) of the last row of the page before. */
  readonly fromId?: string | null;
}

@Injectable()
export class LayerMessagesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** By channel. */
  async findMany(tenant: Tenant, ids: readonly string[]): Promise<SaidRow[]> {
    return ids.length === 0 ? [] : this.rows<SaidRow & Record<string, unknown>>(tenant, FIND_MANY, null, ids);
  }

  /**
   * One message, not hidden by `viewer`, with its channel; null where there is none in a channel that `viewer` is or was
   * in.
   */
  async find(tenant: Tenant, viewer: string, id: string): Promise<SeenRow | null> {
    return (await this.row<SeenRow & Record<string, unknown>>(tenant, FIND_MANY, viewer, [id])) ?? null;
  }

  /** Null where `viewer` is a stranger to the channel, or there is none that is open, or not, as is said. */
  async list(
    tenant: Tenant,
    viewer: string,
    channelId: string,
    { pageSize, fromId = null }: LayerPageQuery,
    isOpen: boolean,
  ): Promise<ListedRow | null> {
    const values = [viewer, channelId, pageSize, fromId, isOpen];
    return (await this.row<ListedRow & Record<string, unknown>>(tenant, LIST, ...values)) ?? null;
  }
}
