import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { PURGES } from '../../platform/database/purge.js';
import type { Statement } from '../../platform/database/statement.js';

/** Rows at a time, so that no lock is held for long. */
const BATCH_ROWS = 1_000;

/** Throws away what has had its time: events, who opened which socket, sessions, nonces, who left. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly database: Database,
    @Inject(PURGES) private readonly purges: readonly Statement[],
  ) {}

  /** Answers how many rows went. */
  async purge(): Promise<number> {
    let total = 0;
    for (const statement of this.purges) {
      for (let purged = BATCH_ROWS; purged === BATCH_ROWS; total += purged) {
        [{ purged }] = (await this.database.acrossTenants<{ purged: number }>(statement, [BATCH_ROWS])) as [
          { purged: number },
        ];
      }
    }
    return total;
  }
}
