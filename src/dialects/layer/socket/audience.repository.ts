import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import type { FeedEvent } from '../../../platform/outbox/feed.js';
import {
  COUNT_MISSED,
  FIND_ACQUAINTED,
  FIND_FIRST_MISSED,
  FIND_MEMBERS,
  FIND_MOVED,
  FIND_OPEN,
  FIND_SHARED,
  FIND_WATCHERS,
  LIST_ACQUAINTED,
  READ_MISSED,
} from './audience.sql.js';

/** A customer in a channel. */
export interface Watcher {
  readonly channelId: string;
  readonly customerId: string;
  /** Whether Layer calls it a channel, and not a conversation. */
  readonly isOpen: boolean;
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

/** A customer is in a channel with another. */
export interface Shared extends Acquaintance {
  readonly channelId: string;
  readonly isOpen: boolean;
  readonly isOwner: boolean;
}

/** How much happened in a channel. */
export interface Missed {
  readonly channelId: string;
  readonly count: number;
}

/** Who may see which event. */
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

  /** Whether Layer calls it a channel, and not a conversation. */
  async isOpen(tenant: Tenant, channelId: string): Promise<boolean> {
    return (await this.row(tenant, FIND_OPEN, channelId)) !== undefined;
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

  async findShared(tenant: Tenant, customerIds: readonly string[], viewerIds: readonly string[]): Promise<Shared[]> {
    return customerIds.length === 0
      ? []
      : this.rows<Shared & Record<string, unknown>>(tenant, FIND_SHARED, customerIds, viewerIds);
  }

  /** The customer itself, and those whose presence it may see. */
  async listAcquainted(tenant: Tenant, customerId: string, limit: number): Promise<string[]> {
    const rows = await this.rows<{ id: string }>(tenant, LIST_ACQUAINTED, customerId, limit);
    return rows.map(({ id }) => id);
  }

  /**
   * At most `limit` events since `since` that concern a customer, in the order of their numbers.
   * @param channelIds those of its channels whose events are wanted; null: all of them
   */
  async readMissed(
    tenant: Tenant,
    customerId: string,
    since: Date,
    limit: number,
    channelIds: readonly string[] | null,
  ): Promise<FeedEvent[]> {
    type Row = Omit<FeedEvent, 'seq'> & { readonly seq: string };
    const values = [customerId, since, limit, channelIds];
    const rows = await this.rows<Row & Record<string, unknown>>(tenant, READ_MISSED, ...values);
    return rows.map((row) => ({ ...row, seq: Number(row.seq) })).sort((one, other) => one.seq - other.seq);
  }

  /**
   * Of the channels of a customer where something happened since, those with the least first; counted up to `limit`.
   */
  async countMissed(tenant: Tenant, customerId: string, since: Date, limit: number): Promise<Missed[]> {
    return this.rows<Missed & Record<string, unknown>>(tenant, COUNT_MISSED, customerId, since, limit);
  }

  /** By channel, the position of the first message since. */
  async findFirstMissed(tenant: Tenant, channelIds: readonly string[], since: Date): Promise<Map<string, number>> {
    type Row = { readonly channelId: string; readonly position: number };
    const rows = await this.rows<Row & Record<string, unknown>>(tenant, FIND_FIRST_MISSED, channelIds, since);
    return new Map(rows.map(({ channelId, position }) => [channelId, position]));
  }
}
