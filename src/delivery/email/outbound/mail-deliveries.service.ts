import { Injectable } from '@nestjs/common';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { EmailDeliveriesRepository } from './email-deliveries.repository.js';

/** What somebody may still do for a mail that went out. */
@Injectable()
export class MailDeliveriesService {
  constructor(private readonly deliveries: EmailDeliveriesRepository) {}

  /** Though it may have arrived. @throws Refusal 422 where it is known what came of it, or it is no mail of ours */
  async sendAgain(tenant: Tenant, messageId: string): Promise<void> {
    if (!(await this.deliveries.sendAgain(tenant, messageId))) {
      throw new Refusal('invalid', 'Only a mail of which nobody knows whether it arrived is sent again.');
    }
  }
}
