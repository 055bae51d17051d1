import { Injectable } from '@nestjs/common';
import { InvalidInput } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { ContactListsService } from '../contacts/contact-lists.service.js';
import { CountsGate } from '../counts-gate.js';
import { CampaignsService, type CampaignCounts, type CampaignRow } from './campaigns.service.js';
import type { RecipientFilters } from './recipient-list.sql.js';
import { RecipientsRepository, type RecipientRow, type VariantCounts } from './recipients.repository.js';

export type { RecipientRow, VariantCounts };

/** What a campaign's statistics show: 90 days of hours in which something happened. */
const MAX_HOURS = 2_160;

interface Slice {
  readonly limit: number;
  readonly offset: number;
  readonly after: ObjectRef | null;
  readonly direction: 'asc' | 'desc';
}

/** Whom campaigns went to, and what became of it. */
@Injectable()
export class RecipientListsService {
  constructor(
    private readonly campaigns: CampaignsService,
    private readonly recipients: RecipientsRepository,
    private readonly lists: ContactListsService,
    private readonly gate: CountsGate,
  ) {}

  /** By their contacts. @throws Refusal 404, 422 on `after`, 503 */
  async list(
    tenant: Tenant,
    ref: ObjectRef,
    filters: RecipientFilters,
    slice: Slice,
  ): Promise<{ readonly items: readonly RecipientRow[]; readonly total: number; readonly hasMore: boolean }> {
    const { number, counts } = await this.campaigns.get(tenant, ref);
    const { limit, offset, direction } = slice;
    const after = slice.after === null ? null : await this.numberOf(tenant, slice.after);
    const total = await this.total(tenant, number, counts, filters);
    const found = await this.recipients.list(tenant, number, filters, { limit: limit + 1, offset, after, direction });
    return { items: found.slice(0, limit), total, hasMore: found.length > limit };
  }

  /** @throws Refusal 404 */
  async stats(tenant: Tenant, ref: ObjectRef) {
    const campaign: CampaignRow = await this.campaigns.get(tenant, ref);
    const [hours, links] = await Promise.all([
      this.recipients.listHours(tenant, campaign.number, MAX_HOURS),
      this.recipients.listLinks(tenant, campaign.number),
    ]);
    const isTest = campaign.type === 'ab_test';
    const variants = isTest
      ? await this.gate.during(tenant, () => this.recipients.listVariants(tenant, campaign.number))
      : null;
    return {
      campaign,
      hours,
      links,
      variants,
      held: isTest ? await this.recipients.countHeld(tenant, campaign.number) : 0,
    };
  }

  /** What counters know is not counted. */
  private async total(
    tenant: Tenant,
    campaign: number,
    counts: CampaignCounts,
    filters: RecipientFilters,
  ): Promise<number> {
    const { status = null, search = null } = filters;
    if (search !== null) {
      return this.gate.during(tenant, () => this.recipients.count(tenant, campaign, filters));
    }
    const { recipients, skipped, sent, failed, unknown, bounced } = counts;
    switch (status) {
      case null:
        return recipients;
      case 'sent':
        return sent - bounced;
      case 'pending': {
        const { claimed, transmitting } = await this.recipients.countUnderWay(tenant, campaign);
        const held = await this.recipients.countHeld(tenant, campaign);
        return recipients - skipped - sent - failed - unknown - claimed - transmitting - held;
      }
      case 'held':
        return this.recipients.countHeld(tenant, campaign);
      case 'claimed':
      case 'transmitting':
        return (await this.recipients.countUnderWay(tenant, campaign))[status];
      default:
        return counts[status];
    }
  }

  private async numberOf(tenant: Tenant, ref: ObjectRef): Promise<number> {
    const numbers = typeof ref === 'number' ? [ref] : await this.lists.resolveNumbers(tenant, [ref], 'after');
    if (numbers[0] === undefined) {
      throw new InvalidInput({ after: ['The selected after is invalid.'] });
    }
    return numbers[0];
  }
}
