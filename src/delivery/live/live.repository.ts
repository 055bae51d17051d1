import { Injectable } from '@nestjs/common';
import type { FeedEvent } from '../../platform/outbox/feed.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { FIND_START, READ_MISSED } from './live.sql.js';

/** Where a page that comes back goes on. */
export interface Start {
  /** The number of the last event it had. */
  readonly seq: string;
  /** Events up to that number are sent again if they are no older. */
  readonly since: Date;
  /** The number to read from. */
  readonly after: string;
  readonly missed: number;
}

type Row = Omit<FeedEvent, 'seq'> & { readonly seq: string };

@Injectable()
export class LiveRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** @param limit up to which they are counted */
  async findStart(tenant: Tenant, eventId: string, limit: number): Promise<Start | null> {
    return (await this.row<Start & Record<string, unknown>>(tenant, FIND_START, eventId, limit)) ?? null;
  }

  async readMissed(tenant: Tenant, { seq, since, after }: Start, limit: number): Promise<FeedEvent[]> {
    const rows = await this.rows<Row & Record<string, unknown>>(tenant, READ_MISSED, after, seq, since, limit);
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }
}
