import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { FilesService } from '../../files/files.service.js';
import { ChannelDeletionsRepository } from './channel-deletions.repository.js';

/** Not in channels, which know nothing of messages. */
@Injectable()
export class ChannelDeletionsService {
  constructor(
    private readonly deletions: ChannelDeletionsRepository,
    private readonly files: FilesService,
    private readonly database: Database,
  ) {}

  /**
   * With its messages, its members, all that was counted of them, and files that were sent nowhere else. @throws Refusal
   * 404
   */
  deleteForAll(tenant: Tenant, channelId: string): Promise<void> {
    return this.database.transaction(tenant, async () => {
      if (!(await this.deletions.hold(tenant, channelId))) {
        throw notFound('channel');
      }
      const fileIds = await this.files.sentIn(tenant, channelId);
      await this.deletions.deleteForAll(tenant, channelId);
      if (fileIds.length > 0) {
        await this.files.deleteUnheld(tenant, fileIds);
      }
    });
  }

  /** Hides all that was said in a channel from one of its members, which stays in it. @throws Refusal 404 */
  async clear(tenant: Tenant, channelId: string, customerId: string): Promise<void> {
    if (!(await this.deletions.clear(tenant, channelId, customerId))) {
      throw notFound('channel');
    }
  }
}
