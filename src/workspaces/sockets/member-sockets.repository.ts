import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { FIND_LEFT } from './member-sockets.sql.js';

/** Without a tenant: one question for all the sockets of a process, whose workspaces are many. */
@Injectable()
export class MemberSocketsRepository {
  constructor(private readonly database: Database) {}

  /** The places of those who are no members. */
  async findLeft(asked: ReadonlyArray<{ readonly clientId: string; readonly userId: string }>): Promise<number[]> {
    const rows = await this.database.acrossTenants<{ at: number }>(FIND_LEFT, [
      asked.map(({ clientId }) => clientId),
      asked.map(({ userId }) => userId),
    ]);
    return rows.map(({ at }) => at);
  }
}
