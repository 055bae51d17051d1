import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { FIND_FILE } from './media.sql.js';

/** A file among the parts of a message. */
export interface FilePart {
  readonly fileId: string;
  readonly mimeType: string;
  readonly size: number;
}

@Injectable()
export class MediaRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** The id of a message's file; null where it has no such. */
  async findFile(tenant: Tenant, messageId: string, at: number): Promise<string | null> {
    return (await this.row<{ readonly id: string | null }>(tenant, FIND_FILE, messageId, at))?.id ?? null;
  }
}
