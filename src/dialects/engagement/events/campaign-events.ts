import { Injectable } from '@nestjs/common';
import { CampaignsService } from '../../../engagement/campaigns/campaigns.service.js';
import { FurtherEvents, type EventSource, type FurtherEvent } from '../../../notify/events/further-events.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { presentCampaignSummary } from '../campaigns/campaigns.presenter.js';
import { CAMPAIGN_EVENT_TYPES } from './event.dto.js';

/** The events of campaigns: how each is by now, without what it says, and `deleted` where it is gone. */
@Injectable()
export class CampaignEvents implements EventSource {
  readonly types = CAMPAIGN_EVENT_TYPES;

  constructor(
    further: FurtherEvents,
    private readonly campaigns: CampaignsService,
  ) {
    further.add(this);
  }

  async present(tenant: Tenant, events: readonly FurtherEvent[]): Promise<object[]> {
    const told = events.map(({ data }) => data as { readonly id: string; readonly number: number });
    const found = await this.campaigns.findMany(tenant, [...new Set(told.map(({ id }) => id))]);
    const byId = new Map(found.map((one) => [one.id, one]));
    return told.map(({ id, number }) => {
      const campaign = byId.get(id);
      return campaign ? presentCampaignSummary(campaign) : { id: number, uuid: id, deleted: true };
    });
  }
}
