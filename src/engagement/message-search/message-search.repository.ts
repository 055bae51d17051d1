import { Injectable } from '@nestjs/common';
import { Database, type Holder } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import * as SQL from './message-search.sql.js';

/** Its statements run without a name: a plan that was made while the queue was empty would read all of it. */
@Injectable()
export class MessageSearchRepository extends TenantRepository {
  constructor(private readonly shared: Database) {
    super(shared);
  }

  /** Up to `most` clients, but for these, that have something to write. */
  async findClients(except: readonly string[], most: number): Promise<string[]> {
    const values = [except, most];
    const rows = await this.shared.acrossTenants<Holder>({ ...SQL.FIND_CLIENTS, name: '' }, values);
    return rows.map(({ clientId }) => clientId);
  }

  /** One transaction. @returns how much was done; 0 where there is nothing, or somebody else is at it */
  write(tenant: Holder): Promise<number> {
    return this.shared.transaction(tenant, async () => {
      const [gate] = await this.rows<{ isHeld: boolean }>(tenant, { text: SQL.HOLD.text });
      if (!gate?.isHeld) {
        return 0;
      }
      // A statement of its own: it sees what was deleted before the gate was held.
      return (await this.rows<{ jobs: number }>(tenant, { text: SQL.WRITE.text }))[0]!.jobs;
    });
  }
}
