import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import {
  PURGE_EVENTS,
  PURGE_FORMER_MEMBERS,
  PURGE_NONCES,
  PURGE_SESSIONS,
  PURGE_SOCKET_OWNERS,
} from './housekeeping.sql.js';

/** Rows at a time, so that no lock is held for long. */
const BATCH_ROWS = 1_000;

/** Throws away what has had its time: events, who opened which socket, sessions, nonces, who left. */
@Injectable()
export class Housekeeping {
  constructor(private readonly database: Database) {}

  /** Answers how many rows went. */
  async purge(): Promise<number> {
    let total = 0;
    for (const statement of [PURGE_EVENTS, PURGE_SOCKET_OWNERS, PURGE_SESSIONS, PURGE_NONCES, PURGE_FORMER_MEMBERS]) {
      for (let purged = BATCH_ROWS; purged === BATCH_ROWS; total += purged) {
        [{ purged }] = (await this.database.acrossTenants<{ purged: number }>(statement, [BATCH_ROWS])) as [
          { purged: number },
        ];
      }
    }
    return total;
  }
}
