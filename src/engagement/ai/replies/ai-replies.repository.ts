import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import * as SQL from './ai-replies.sql.js';
import type { Said } from './reply-prompt.js';

export interface KeptReply {
  readonly id: string;
  readonly day: string;
  readonly userId: string;
  readonly model: string;
}

@Injectable()
export class AiRepliesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Newest first. */
  listSaid(tenant: Tenant, channelId: string, limit: number): Promise<Said[]> {
    return this.rows<Said & Record<string, unknown>>(tenant, SQL.FIND_SAID, channelId, limit);
  }

  async keep(tenant: Tenant, { id, day, userId, model }: KeptReply, documentIds: readonly string[]): Promise<void> {
    await this.row(tenant, SQL.KEEP, id, day, userId, model, documentIds);
  }

  /** False where it is not known. */
  async use(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.row(tenant, SQL.USE, id)) !== undefined;
  }
}
