import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { learnTime, ticks } from '../common/clock.js';

/** A database that failed over may have another clock. */
const ASK_EVERY_MS = 5_000;

/**
 * Makes this process use the database's clock: by two clocks a token would be valid in one place and expired in
 * another.
 */
@Injectable()
export class DatabaseClock implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** To be called as soon as the database can be asked. */
  async start(): Promise<void> {
    await this.ask();
    this.timer = setInterval(() => void this.ask(), ASK_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** While the database is away, its clock is reckoned on from the last answer. */
  private async ask(): Promise<void> {
    const asked = ticks();
    try {
      const [row] = await this.dataSource.query<[{ ms: string }]>(
        'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms',
      );
      learnTime(Number(row.ms), asked, ticks());
    } catch {
      // Asked again at the next interval.
    }
  }
}
