import { Injectable } from '@nestjs/common';
import { RatesOfClients, type ClientRates } from '../platform/common/rate-limit/rates-of-clients.js';
import { ShortMemory } from '../platform/common/short-memory.js';
import { Database } from '../platform/database/database.js';
import { FIND_RATES } from './clients.sql.js';

const NONE: ClientRates = {};

/** What the operator gave each client, remembered for a few seconds: requests ask for it. */
@Injectable()
export class RememberedRates extends RatesOfClients {
  private readonly kept = new ShortMemory<ClientRates>();

  constructor(private readonly database: Database) {
    super();
  }

  of(clientId: string): Promise<ClientRates> {
    return this.kept.find(clientId, async () => {
      const [row] = await this.database.runFor<{ rates: ClientRates }>({ clientId }, FIND_RATES, []);
      return row?.rates ?? NONE;
    });
  }

  /** To be called after a change; other processes learn it within five seconds. */
  forget(): void {
    this.kept.forget();
  }
}
