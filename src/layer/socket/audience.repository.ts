import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../common/tenancy/tenant.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant.repository.js';
import type { FeedEvent } from '../../realtime/feed.js';
import { FIND_ACQUAINTED, FIND_MEMBERS, FIND_MOVED, FIND_WATCHERS, READ_BACK } from './audience.sql.js';

/** A customer in a channel. */
export interface Watcher {
  readonly channelId: string;
  readonly customerId: string;
  readonly unread: number;
  /** Where it was asked for: null otherwise, and where there is none. */
  readonly lastMessageId: string | null;
}

/** A customer has come to a position in a channel. */
export interface Mark {
  readonly channelId: string;
  readonly customerId: string;
  readonly kind: 'read' | 'delivered';
  readonly position: number;
}

export interface Acquaintance {
  readonly customerId: string;
  readonly viewerId: string;
}

/** What an event says is null where it is none of the reader's business. */
export type PassedEvent = Omit<FeedEvent, 'data'> & { readonly data: object | null };

/** Who is to be told of what. */
@Injectable()
export class AudienceRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async findMembers(tenant: Tenant, channelIds: readonly string[]): Promise<string[]> {
    if (channelIds.length === 0) {
      return [];
    }
    const rows = await this.rows<{ customerId: string }>(tenant, FIND_MEMBERS, channelIds);
    return rows.map(({ customerId }) => customerId);
  }

  /** @param withLast the channels whose last message is to be looked for */
  async findWatchers(
    tenant: Tenant,
    channelIds: readonly string[],
    customerIds: readonly string[],
    withLast: readonly string[],
  ): Promise<Watcher[]> {
    return channelIds.length === 0
      ? []
      : this.rows<Watcher & Record<string, unknown>>(tenant, FIND_WATCHERS, channelIds, customerIds, withLast);
  }

  /** For each mark, in their order, the ids of the messages it moved, newest first: at most 101. */
  async findMoved(tenant: Tenant, marks: readonly Mark[]): Promise<string[][]> {
    const moved = marks.map((): string[] => []);
    if (marks.length > 0) {
      const column = <K extends keyof Mark>(name: K): Mark[K][] => marks.map((mark) => mark[name]);
      const values = [column('channelId'), column('customerId'), column('kind'), column('position')];
      for (const { at, id } of await this.rows<{ at: number; id: string }>(tenant, FIND_MOVED, ...values)) {
        moved[at]!.push(id);
      }
    }
    return moved;
  }

  async findAcquainted(
    tenant: Tenant,
    customerIds: readonly string[],
    viewerIds: readonly string[],
  ): Promise<Acquaintance[]> {
    return customerIds.length === 0
      ? []
      : this.rows<Acquaintance & Record<string, unknown>>(tenant, FIND_ACQUAINTED, customerIds, viewerIds);
  }

  async readBack(tenant: Tenant, customerId: string, before: number | null, limit: number): Promise<PassedEvent[]> {
    type Row = Omit<PassedEvent, 'seq'> & { readonly seq: string };
    const rows = await this.rows<Row & Record<string, unknown>>(tenant, READ_BACK, customerId, before, limit);
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }
}
