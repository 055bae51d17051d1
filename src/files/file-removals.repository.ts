import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { CLAIM, EXPIRE, REMOVED } from './file-removals.sql.js';

/** A file whose bytes are to go. */
export interface RemovableFile {
  readonly clientId: string;
  readonly id: string;
}

/** Over all clients: what is to be removed is nobody's any more. */
@Injectable()
export class FileRemovalsRepository {
  constructor(private readonly database: Database) {}

  /** Answers how many files expired. */
  async expire(limit: number): Promise<number> {
    const [row] = await this.database.acrossTenants<{ expired: number }>(EXPIRE, [limit]);
    return row!.expired;
  }

  claim(limit: number): Promise<RemovableFile[]> {
    return this.database.acrossTenants<RemovableFile & Record<string, unknown>>(CLAIM, [limit]);
  }

  async removed(files: readonly RemovableFile[]): Promise<void> {
    await this.database.acrossTenants(REMOVED, [files.map(({ clientId }) => clientId), files.map(({ id }) => id)]);
  }
}
