import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { EventType } from '../jobs/event-types.js';
import { Replicas } from '../jobs/replicas.js';

/** STAND-IN: the real one replaces it at the merge. */
export interface FeedEvent {
  readonly seq: number;
  readonly clientId: string;
  readonly id: string;
  readonly type: EventType;
  readonly channelId: string | null;
  readonly customerId: string | null;
  readonly data: object;
  readonly createdAt: Date;
}

@Injectable()
export class Feed implements OnApplicationShutdown {
  private readonly counts = new Map<string, number>();
  private readonly seen = new Set<number>();
  private last = 0;
  private listener: ((events: readonly FeedEvent[]) => Promise<void>) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly database: Database,
    private readonly replicas: Replicas,
  ) {
    database.bell.onRing(() => this.read());
  }

  async listen(clientId: string): Promise<void> {
    this.counts.set(clientId, (this.counts.get(clientId) ?? 0) + 1);
    await this.replicas.register();
    if (this.timer === undefined) {
      const text = 'SELECT coalesce(max(seq), 0)::int AS seq FROM events';
      const [row] = await this.database.run<{ seq: number }>({ name: 'stand_in.last', text }, []);
      this.last = Math.max(this.last, row!.seq);
      this.timer ??= setInterval(() => this.read(), 500);
    }
    const text = 'INSERT INTO listeners (client_id, replica_id) VALUES ($1, $2) ON CONFLICT DO NOTHING';
    await this.database.run({ name: 'stand_in.listen', text }, [clientId, this.replicas.id]);
  }

  leave(clientId: string): void {
    this.counts.set(clientId, this.counts.get(clientId)! - 1);
  }

  onEvents(listener: (events: readonly FeedEvent[]) => Promise<void>): void {
    this.listener = listener;
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private read(): void {
    this.again = true;
    this.reading ??= this.drain().finally(() => (this.reading = undefined));
  }

  private async drain(): Promise<void> {
    while (this.again && this.timer) {
      this.again = false;
      const text = `SELECT seq::int, client_id AS "clientId", id, type, channel_id AS "channelId",
          customer_id AS "customerId", data, created_at AS "createdAt"
        FROM events WHERE seq > $1 ORDER BY events.seq`;
      const rows = await this.database
        .run<FeedEvent & Record<string, unknown>>({ name: 'stand_in.read', text }, [Math.max(0, this.last - 500)])
        .catch(() => []);
      const fresh = rows.filter(({ seq }) => !this.seen.has(seq) && (seq > this.last || this.seen.size > 0));
      fresh.forEach(({ seq }) => this.seen.add(seq));
      this.last = Math.max(this.last, ...fresh.map(({ seq }) => seq));
      const ours = fresh.filter(({ clientId }) => (this.counts.get(clientId) ?? 0) > 0);
      if (ours.length > 0) {
        await this.listener?.(ours);
      }
    }
  }
}
