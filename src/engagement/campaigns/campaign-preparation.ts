import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CampaignSendingService } from './campaign-sending.service.js';
import { RecipientsRepository } from './recipients.repository.js';
import { CampaignsRepository } from './campaigns.repository.js';

/** Recipients made in one transaction. */
const BATCH = 1_000;
/** Looked after at once. */
const MAX_CAMPAIGNS = 20;
/** Recovered at once. */
const MAX_LOST = 1_000;

/** Brings campaigns on their way and to their end: all of it from what is in the database, so whichever process does. */
@Injectable()
export class CampaignPreparation {
  constructor(
    private readonly recipients: RecipientsRepository,
    private readonly campaigns: CampaignsRepository,
    private readonly sending: CampaignSendingService,
  ) {}

  /** @returns whether there may be more to do at once */
  async go(): Promise<boolean> {
    const lost = await this.recipients.recover(MAX_LOST);
    const due = await this.recipients.toPrepare(MAX_CAMPAIGNS);
    let made = false;
    for (const { number, ...tenant } of due) {
      await this.sending.startDue(tenant, number);
      made = (await this.prepare(tenant, number)) || made;
    }
    for (const { number, ...tenant } of await this.recipients.toSettle(MAX_CAMPAIGNS)) {
      await this.campaigns.inTransaction(tenant, async () => {
        // Two statements: what is left is seen as it is once the campaign is held.
        if (await this.campaigns.hold(tenant, number)) {
          await this.recipients.settle(tenant, number);
        }
      });
    }
    return made || lost === MAX_LOST;
  }

  /** The next recipients, and how far they are made, in one commit. */
  private prepare(tenant: Tenant, number: number): Promise<boolean> {
    return this.recipients.inTransaction(tenant, async () => {
      const campaign = await this.recipients.holdPreparing(tenant, number);
      if (!campaign) {
        return false;
      }
      const { n, last } = await this.recipients.make(tenant, number, campaign, BATCH);
      const isAll = n < BATCH;
      await this.recipients.prepared(tenant, number, isAll ? campaign.prepareTo : last!, isAll);
      return true;
    });
  }
}
