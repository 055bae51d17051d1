import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CampaignSendingService } from './campaign-sending.service.js';
import { RecipientsRepository } from './recipients.repository.js';
import { CampaignsRepository } from './campaigns.repository.js';

/** Recipients made in one transaction. */
const BATCH = 5_000;
/** Made of one campaign before others have their turn. */
const BATCHES = 2;
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
    for (const { number, isToStart, ...tenant } of due) {
      if (isToStart) {
        await this.sending.startDue(tenant, number);
      }
      made = (await this.prepare(tenant, number)) || made;
    }
    for (const { number, ...tenant } of await this.recipients.toJudge(MAX_CAMPAIGNS)) {
      made = (await this.judge(tenant, number)) || made;
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

  /** The winner is chosen once, and whoever waits for it gets it, some at a time. @returns whether there may be more of them */
  private async judge(tenant: Tenant, number: number): Promise<boolean> {
    await this.campaigns.inTransaction(tenant, async () => {
      // Two statements, as below.
      if (await this.campaigns.hold(tenant, number)) {
        await this.recipients.judge(tenant, number);
      }
    });
    return (await this.recipients.release(tenant, number, BATCH)) === BATCH;
  }

  /** @returns whether there were any */
  private async prepare(tenant: Tenant, number: number): Promise<boolean> {
    for (let batches = 0; batches < BATCHES; batches += 1) {
      const batch = await this.prepareSome(tenant, number);
      if (batch === null || batch.isLast) {
        return batches > 0;
      }
      if (batch.isFirst) {
        await this.recipients.analyze();
      }
    }
    return true;
  }

  /** The next recipients, and how far they are made, in one commit. Null where another does that, or all are made. */
  private prepareSome(
    tenant: Tenant,
    number: number,
  ): Promise<{ readonly isFirst: boolean; readonly isLast: boolean } | null> {
    return this.recipients.inTransaction(tenant, async () => {
      const campaign = await this.recipients.holdPreparing(tenant, number);
      if (!campaign) {
        return null;
      }
      const { n, last } = await this.recipients.make(tenant, number, campaign, BATCH);
      const isLast = n < BATCH;
      if (campaign.isTest) {
        await this.recipients.deal(tenant, number, campaign.preparedUpto);
      }
      await this.recipients.prepared(tenant, number, isLast ? campaign.prepareTo : last!, isLast);
      return { isFirst: campaign.preparedUpto === 0, isLast };
    });
  }
}
