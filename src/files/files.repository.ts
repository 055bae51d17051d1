import { Injectable } from '@nestjs/common';
import type { Tenant } from '../common/tenancy/tenant.js';
import { Database } from '../database/database.js';
import { TenantRepository } from '../database/tenant.repository.js';
import type { File } from './file.entity.js';
import { ATTACH, CREATE, FIND, MARK_UPLOADED } from './files.sql.js';

export type FileRow = Pick<File, 'id' | 'ownerId' | 'mimeType' | 'name' | 'uploadedAt' | 'createdAt'> & {
  readonly size: number;
};
type NewRow = Pick<FileRow, 'id' | 'ownerId' | 'mimeType' | 'name' | 'size'>;

@Injectable()
export class FilesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async insert(tenant: Tenant, { id, ownerId, mimeType, size, name }: NewRow): Promise<FileRow> {
    return (await this.row<FileRow>(tenant, CREATE, id, ownerId, mimeType, size, name))!;
  }

  /** In no order. @param by the customer who asks; null: the client */
  find(tenant: Tenant, ids: readonly string[], by: string | null): Promise<FileRow[]> {
    return this.rows<FileRow>(tenant, FIND, ids, by);
  }

  /** Says that all the bytes are there; false where that was said before. */
  async markUploaded(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.row(tenant, MARK_UPLOADED, id)) !== undefined;
  }

  /** The same, while `put` brings the bytes to their place: a second upload waits for the row, and then brings nothing. */
  publish(tenant: Tenant, id: string, put: () => Promise<void>): Promise<boolean> {
    return this.transaction(tenant, async () => {
      const isFirst = await this.markUploaded(tenant, id);
      if (isFirst) {
        await put();
      }
      return isFirst;
    });
  }

  async attach(tenant: Tenant, ids: readonly string[], channelId: string): Promise<void> {
    await this.rows(tenant, ATTACH, ids, channelId);
  }
}
