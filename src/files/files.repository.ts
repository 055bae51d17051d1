import { Injectable } from '@nestjs/common';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { Database } from '../platform/database/database.js';
import { TenantRepository } from '../platform/database/tenant.repository.js';
import type { File } from './file.entity.js';
import {
  ATTACH,
  CREATE,
  DELETE_UNHELD,
  DETACH,
  DISOWN,
  FIND,
  KEEP,
  LOCK,
  LOCK_OWN,
  MARK_UPLOADED,
  SENT_IN,
} from './files.sql.js';

export type FileRow = Pick<File, 'id' | 'ownerId' | 'mimeType' | 'name' | 'uploadedAt' | 'createdAt' | 'expiresAt'> & {
  readonly size: number;
};
type NewRow = Pick<FileRow, 'id' | 'ownerId' | 'mimeType' | 'name' | 'size'> & { readonly unsentHours: number };

@Injectable()
export class FilesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where the client's storage has no room for it. */
  async insert(tenant: Tenant, { id, ownerId, mimeType, size, name, unsentHours }: NewRow): Promise<FileRow | null> {
    return (await this.row<FileRow>(tenant, CREATE, id, ownerId, mimeType, size, name, unsentHours)) ?? null;
  }

  /** In no order. @param viewer the customer who asks; null: the client */
  find(tenant: Tenant, ids: readonly string[], viewer: string | null): Promise<FileRow[]> {
    return this.rows<FileRow>(tenant, FIND, ids, viewer);
  }

  /** Says that all the bytes are there, and what they are; false where that was said before, or the file is gone. */
  async markUploaded(tenant: Tenant, id: string, mimeType: string): Promise<boolean> {
    return (await this.row(tenant, MARK_UPLOADED, id, mimeType)) !== undefined;
  }

  /** The same, while `put` brings the bytes to their place: a second upload waits for the row, and then brings nothing. */
  publish(tenant: Tenant, id: string, mimeType: string, put: () => Promise<void>): Promise<boolean> {
    return this.transaction(tenant, async () => {
      const isFirst = await this.markUploaded(tenant, id, mimeType);
      if (isFirst) {
        await put();
      }
      return isFirst;
    });
  }

  /** They do not expire any more. */
  async retain(tenant: Tenant, ids: readonly string[]): Promise<void> {
    await this.rows(tenant, KEEP, ids);
  }

  /** Answers which of them are there. */
  async attach(tenant: Tenant, ids: readonly string[], channelId: string): Promise<string[]> {
    await this.retain(tenant, ids);
    return idsOf(await this.rows<Pick<FileRow, 'id'>>(tenant, ATTACH, ids, channelId));
  }

  async detach(tenant: Tenant, ids: readonly string[], channelId: string): Promise<void> {
    await this.rows(tenant, DETACH, ids, channelId);
    await this.deleteUnheld(tenant, ids);
  }

  async sentIn(tenant: Tenant, channelId: string): Promise<string[]> {
    return idsOf(await this.rows<Pick<FileRow, 'id'>>(tenant, SENT_IN, channelId));
  }

  async deleteUnheld(tenant: Tenant, ids: readonly string[]): Promise<void> {
    await this.rows(tenant, LOCK, ids);
    await this.rows(tenant, DELETE_UNHELD, ids);
  }

  /** Up to `limit` files of a customer: what no message holds goes, the rest is nobody's. Answers how many. */
  async disown(tenant: Tenant, ownerId: string, limit: number): Promise<number> {
    const ids = idsOf(await this.rows<Pick<FileRow, 'id'>>(tenant, LOCK_OWN, ownerId, limit));
    if (ids.length > 0) {
      await this.rows(tenant, DELETE_UNHELD, ids);
      await this.rows(tenant, DISOWN, ids);
    }
    return ids.length;
  }
}

function idsOf(rows: readonly Pick<FileRow, 'id'>[]): string[] {
  return rows.map(({ id }) => id);
}
