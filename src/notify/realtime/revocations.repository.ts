import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { FIND_DISABLED, FIND_REVOKED } from './revocations.sql.js';

/** Without a tenant: one question for all the sockets of a process, whose clients are many. */
@Injectable()
export class RevocationsRepository {
  constructor(private readonly database: Database) {}

  async findDisabled(clientIds: readonly string[]): Promise<string[]> {
    const rows = await this.database.acrossTenants<{ id: string }>(FIND_DISABLED, [clientIds]);
    return rows.map(({ id }) => id);
  }

  /** The ids of those sessions and keys, of whatever client, that were revoked or are past their time. */
  async findRevoked(asked: ReadonlyArray<{ readonly clientId: string; readonly id: string }>): Promise<Set<string>> {
    const rows = await this.database.acrossTenants<{ id: string }>(FIND_REVOKED, [
      asked.map(({ clientId }) => clientId),
      asked.map(({ id }) => id),
    ]);
    return new Set(rows.map(({ id }) => id));
  }
}
