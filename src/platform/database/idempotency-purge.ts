import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from './database.js';
import { PURGE } from './idempotency.sql.js';

const PURGE_EVERY_MS = 10 * 60_000;
/** So that no lock is held for long. */
const BATCH_ROWS = 1_000;

/** Deletes answers older than a day. Their keys are free already; this frees the space. */
@Injectable()
export class IdempotencyPurge implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Idempotency');
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.purge().catch((error: unknown) => this.logger.warn(`Old keys were not purged: ${(error as Error).message}`));
    }, PURGE_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** @returns how many were deleted */
  async purge(): Promise<number> {
    let total = 0;
    for (let purged = BATCH_ROWS; purged === BATCH_ROWS; total += purged) {
      [{ purged }] = (await this.database.acrossTenants<{ purged: number }>(PURGE, [BATCH_ROWS])) as [
        { purged: number },
      ];
    }
    return total;
  }
}
