import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from './database.js';
import { PURGE } from './idempotency.sql.js';

/** Milliseconds. */
const EVERY = 10 * 60_000;
/** Rows at a time, so that no lock is held for long. */
const BATCH = 1_000;

/** Forgets answers older than a day. A key that is older is free already; this gives back its room. */
@Injectable()
export class IdempotencyPurge implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Idempotency');
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.purge().catch((error: unknown) => this.logger.warn(`Old keys were not purged: ${(error as Error).message}`));
    }, EVERY);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Answers how many were forgotten. */
  async purge(): Promise<number> {
    let total = 0;
    for (let purged = BATCH; purged === BATCH; total += purged) {
      [{ purged }] = (await this.database.run<{ purged: number }>(PURGE, [BATCH])) as [{ purged: number }];
    }
    return total;
  }
}
