import { Injectable } from '@nestjs/common';
import { DatabaseConnector, type Absence } from '../../platform/database/database-connector.js';
import { Database } from '../../platform/database/database.js';

export type DatabaseState = 'up' | 'down' | Exclude<Absence, 'away'>;

/** Whether a load balancer should send requests here. */
@Injectable()
export class Readiness {
  private draining = false;

  constructor(
    private readonly connection: DatabaseConnector,
    private readonly database: Database,
  ) {}

  /** From now on no new requests are wanted: the process is about to end. */
  drain(): void {
    this.draining = true;
  }

  async check(): Promise<{ readonly ready: boolean; readonly database: DatabaseState }> {
    const { absence } = this.connection;
    if (absence === undefined || absence === 'away') {
      const up = await this.database.isUp();
      return { ready: up && !this.draining, database: up ? 'up' : 'down' };
    }
    return { ready: false, database: absence };
  }
}
