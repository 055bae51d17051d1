import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { learnTime, ticks } from '../common/clock.js';

/** Milliseconds; a database that failed over may have another clock. */
const EVERY_MS = 5_000;

/** Keeps this process to the database's clock: two that do not agree would let a token live here and be dead there. */
@Injectable()
export class DatabaseClock implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Once the database can be asked, and before anything is decided. */
  async start(): Promise<void> {
    await this.ask();
    this.timer = setInterval(() => void this.ask(), EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** While it is away, what is known of its clock goes on. */
  private async ask(): Promise<void> {
    const asked = ticks();
    try {
      const [row] = await this.dataSource.query<[{ ms: string }]>(
        'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms',
      );
      learnTime(Number(row.ms), asked, ticks());
    } catch {
      // Asked again soon.
    }
  }
}
