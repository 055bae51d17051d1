import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { EventType } from './event-types.js';
import { Replicas } from '../cluster/replicas.js';
import { KEEP, LEAVE, LISTEN, POSITION, READ, WRITERS } from './feed.sql.js';
import { SequenceGaps } from './sequence-gaps.js';

export interface FeedEvent {
  /** Rises with `position` within a channel. */
  readonly seq: number;
  readonly clientId: string;
  readonly id: string;
  readonly type: EventType;
  readonly channelId: string | null;
  readonly customerId: string | null;
  /** As EventData says of this type. */
  readonly data: object;
  readonly createdAt: Date;
}
type Row = Omit<FeedEvent, 'seq' | 'data'> & { readonly seq: string; readonly data: object | null };

/** Without a tenant: a process reads the events of all clients that have sockets here. */
@Injectable()
export class FeedRepository {
  constructor(
    private readonly database: Database,
    private readonly replicas: Replicas,
  ) {}

  async position(): Promise<SequenceGaps> {
    const [row] = await this.database.acrossTenants<{ last: string; missing: string[] }>(POSITION, []);
    return new SequenceGaps(Number(row!.last), row!.missing.map(Number));
  }

  /**
   * Reads on by at most `limit`. @returns the events of clients that this process listens to, and whether there may be
   * more
   */
  async read(gaps: SequenceGaps, limit: number): Promise<{ events: FeedEvent[]; more: boolean }> {
    const rows = await this.database.acrossTenants<Row & Record<string, unknown>>(READ, [
      ...[gaps.last, gaps.missing, limit, this.replicas.id],
    ]);
    const more = gaps.note(rows.map(({ seq }) => Number(seq))) === limit;
    const events = rows.flatMap(({ data, ...row }) => (data === null ? [] : [{ ...row, seq: Number(row.seq), data }]));
    return { events, more };
  }

  async writers(): Promise<ReadonlySet<string>> {
    const rows = await this.database.acrossTenants<{ name: string }>(WRITERS, []);
    return new Set(rows.map(({ name }) => name));
  }

  async listen(clientId: string): Promise<void> {
    await this.database.acrossTenants(LISTEN, [clientId, this.replicas.id]);
  }

  async keep(clientId: string): Promise<void> {
    await this.database.acrossTenants(KEEP, [clientId]);
  }

  async leave(clientId: string): Promise<void> {
    await this.database.acrossTenants(LEAVE, [clientId, this.replicas.id]);
  }
}
