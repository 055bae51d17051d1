import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** Whether a load balancer should send requests here. */
@Injectable()
export class Readiness {
  private draining = false;

  constructor(private readonly database: Database) {}

  /** From now on no new requests are wanted: the process is about to end. */
  drain(): void {
    this.draining = true;
  }

  async check(): Promise<{ readonly ready: boolean; readonly database: 'up' | 'down' }> {
    const up = await this.database.isUp();
    return { ready: up && !this.draining, database: up ? 'up' : 'down' };
  }
}
