import { Injectable } from '@nestjs/common';
import { notFound } from '../common/errors/refusal.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { ChannelDeletionsRepository } from './channel-deletions.repository.js';

/** Stands here because channels know nothing of what is said in them. */
@Injectable()
export class ChannelDeletionsService {
  constructor(private readonly deletions: ChannelDeletionsRepository) {}

  /** With its messages, its members and all that was counted of them. @throws Refusal 404 */
  async deleteForAll(tenant: Tenant, channelId: string): Promise<void> {
    if (!(await this.deletions.deleteForAll(tenant, channelId))) {
      throw notFound('channel');
    }
  }

  /** Hides all that was said in a channel from one of its members, which stays in it. @throws Refusal 404 */
  async clear(tenant: Tenant, channelId: string, customerId: string): Promise<void> {
    if (!(await this.deletions.clear(tenant, channelId, customerId))) {
      throw notFound('channel');
    }
  }
}
