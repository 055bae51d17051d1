import { Injectable } from '@nestjs/common';
import { invalid, notFound } from '../../platform/common/errors/refusal.js';
import { assertActsAs } from '../../platform/common/tenancy/assert-acts-as.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { FilesService } from '../../files/files.service.js';
import { DeletionsRepository } from './deletions.repository.js';
import { MessagesService } from '../messages.service.js';
import { filesIn } from '../parts.js';

@Injectable()
export class DeletionsService {
  constructor(
    private readonly deletions: DeletionsRepository,
    private readonly messages: MessagesService,
    private readonly files: FilesService,
    private readonly database: Database,
  ) {}

  /**
   * With the files that no other message holds.
   * @param viewer the customer who asks, where it is one: it may take back what it sent
   * @throws Refusal 404, or 403
   */
  async deleteForAll(tenant: Tenant, id: string, viewer: string | null): Promise<void> {
    if (viewer !== null) {
      assertActsAs(viewer, (await this.messages.get(tenant, id, viewer)).senderId);
    }
    await this.database.transaction(tenant, async () => {
      const deleted = await this.deletions.deleteForAll(tenant, id);
      if (!deleted) {
        throw notFound('message');
      }
      const fileIds = filesIn(deleted.parts ?? []);
      if (fileIds.length > 0) {
        await this.files.detach(tenant, fileIds, deleted.channelId);
      }
    });
  }

  /** Hides a message from one member of its channel. @throws Refusal 404, or 422 on `customer_uuid`; to a customer 403 */
  async hide(tenant: Tenant, id: string, customerId: string, viewer: string | null): Promise<void> {
    assertActsAs(viewer, customerId);
    const message = await this.messages.get(tenant, id, null);
    const end = await this.deletions.hide(tenant, message, customerId);
    if (end === 'no member' && viewer === null) {
      throw invalid('customer_uuid', 'Customer is not a participant in this channel.');
    }
    if (end !== 'hidden') {
      throw notFound('message');
    }
  }
}
