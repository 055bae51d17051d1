import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { EmailAccountsService } from '../../delivery/email/accounts/email-accounts.service.js';
import { now } from '../../platform/common/clock.js';
import { InvalidInput, invalid, notFound, Refusal, tooMany, unfit } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CountsGate } from '../counts-gate.js';
import { known } from '../number-slice.js';
import { AudiencesService, type AskedAudience } from './audiences.service.js';
import type { Campaign, WinnerMeasure } from './campaign.entity.js';
import type { CampaignFilters, CampaignSort } from './campaigns.sql.js';
import {
  CampaignsRepository,
  type AudienceCount,
  type CampaignCounts,
  type CampaignRow,
  type CampaignSummary,
  type CampaignText,
  type Variant,
} from './campaigns.repository.js';
import { checkContent, type Content } from './content/content.js';

export type { AudienceCount, CampaignCounts, CampaignRow, CampaignSummary };

const YEAR_MS = 366 * 24 * 3_600_000;
/** Of a workspace. */
export const MAX_CAMPAIGNS = 10_000;

/** What is absent stays as it is. */
export interface CampaignChange extends Partial<
  Pick<
    Campaign,
    | 'name'
    | 'subject'
    | 'previewText'
    | 'htmlBody'
    | 'textBody'
    | 'bodyJson'
    | 'tracksOpens'
    | 'tracksClicks'
    | 'scheduledAt'
    | 'type'
  >
> {
  readonly audience?: AskedAudience | null;
  readonly account?: ObjectRef | null;
  readonly abTest?: AbTest | null;
}

export interface AbTest {
  readonly variants: readonly Omit<Variant, 'letter'>[];
  readonly winnerBy: WinnerMeasure;
  readonly winnerAfterMinutes: number;
}

/** Of the variants, in their order. */
export const LETTERS = ['A', 'B', 'C', 'D', 'E'] as const;

interface Order {
  readonly sort: CampaignSort;
  readonly direction: 'asc' | 'desc';
}

interface Slice {
  readonly limit: number;
  readonly offset: number;
  readonly after: ObjectRef | null;
}

const DRAFT: CampaignText = {
  ...{ name: '', subject: null, previewText: null, htmlBody: null, textBody: null, bodyJson: null, audience: null },
  ...{ emailAccountId: null, tracksOpens: true, tracksClicks: true, scheduledAt: null },
  ...{ type: 'broadcast', winnerBy: null, winnerAfterMinutes: null, variants: [] },
};

/** @throws Refusal 422 */
export function mustBeAhead(at: Date): void {
  if (at <= now() || at.getTime() > now().getTime() + YEAR_MS) {
    throw invalid('scheduled_at', 'The scheduled_at field must be in the future, at most a year from now.');
  }
}

/** Mails to many, while they are written, and what is known of them. */
@Injectable()
export class CampaignsService {
  constructor(
    private readonly campaigns: CampaignsRepository,
    private readonly audiences: AudiencesService,
    private readonly accounts: EmailAccountsService,
    private readonly counts: CountsGate,
  ) {}

  /** @throws Refusal 422, 409 where there are too many */
  async create(tenant: Tenant, change: CampaignChange & { readonly name: string }): Promise<CampaignRow> {
    const text = await this.changed(tenant, DRAFT, change);
    const number = await this.campaigns.inTransaction(tenant, async () => {
      const drawn = await this.campaigns.insert(tenant, uuidv7(), MAX_CAMPAIGNS);
      if (drawn === null) {
        throw tooMany('campaigns', MAX_CAMPAIGNS);
      }
      await this.campaigns.write(tenant, drawn, text);
      return drawn;
    });
    return this.get(tenant, number);
  }

  /** @throws Refusal 404, or 422 where it can be written no more */
  async update(tenant: Tenant, ref: ObjectRef, change: CampaignChange): Promise<CampaignRow> {
    const was = await this.get(tenant, ref);
    const text = await this.changed(tenant, { ...was, emailAccountId: was.accountId }, change);
    if (!(await this.campaigns.inTransaction(tenant, () => this.campaigns.write(tenant, was.number, text)))) {
      throw unfit('Only draft or scheduled campaigns can be edited.');
    }
    return this.get(tenant, was.number);
  }

  /** What its mails link to goes on working. @throws Refusal 404, or 422 while it is sent */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<void> {
    const { number } = await this.get(tenant, ref);
    await this.campaigns.inTransaction(tenant, async () => {
      const held = await this.campaigns.hold(tenant, number);
      if (!held) {
        throw notFound('campaign');
      }
      if (held.status === 'sending') {
        throw unfit('Cannot delete a campaign that is currently sending.');
      }
      await this.campaigns.remove(tenant, number);
    });
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, ref: ObjectRef): Promise<CampaignRow> {
    const campaign = await this.campaigns.find(tenant, ref);
    if (!campaign) {
      throw notFound('campaign');
    }
    return campaign;
  }

  /** Those of these that are there. */
  findMany(tenant: Tenant, ids: readonly string[]): Promise<CampaignSummary[]> {
    return this.campaigns.findMany(tenant, ids);
  }

  /** @throws Refusal 422 on `after` */
  async list(
    tenant: Tenant,
    filters: CampaignFilters,
    { sort, direction }: Order,
    slice: Slice,
  ): Promise<{ readonly items: readonly CampaignSummary[]; readonly total: number; readonly hasMore: boolean }> {
    const { limit, offset, after } = await known({ ...slice, direction }, (ref) => this.campaigns.find(tenant, ref));
    const total = await this.campaigns.count(tenant, filters);
    const found = await this.campaigns.findSlice(tenant, filters, { sort, direction, limit: limit + 1, offset, after });
    return { items: found.slice(0, limit), total, hasMore: found.length > limit };
  }

  /** How many there are. */
  count(tenant: Tenant): Promise<number> {
    return this.campaigns.countAll(tenant);
  }

  /** Whom it would reach now, and why not the others. @throws Refusal 404, 422 where it is for nobody yet, 503 */
  async countAudience(tenant: Tenant, ref: ObjectRef): Promise<AudienceCount> {
    const { audience } = await this.get(tenant, ref);
    if (!audience) {
      throw unfit('This campaign has no audience yet.');
    }
    const frozen = await this.audiences.freeze(tenant, audience);
    return this.counts.during(tenant, () => this.campaigns.countAudience(tenant, frozen, now()));
  }

  private async changed(tenant: Tenant, was: CampaignText, change: CampaignChange): Promise<CampaignText> {
    const { audience, account, abTest: _, ...others } = change;
    if (others.scheduledAt) {
      mustBeAhead(others.scheduledAt);
    }
    const text: CampaignText = {
      ...was,
      ...others,
      ...(audience === undefined ? {} : { audience: audience && (await this.audiences.resolve(tenant, audience)) }),
      ...(account === undefined
        ? {}
        : { emailAccountId: account === null ? null : await this.accountOf(tenant, account) }),
      ...testIn(was, change),
    };
    checkContent({ subject: text.subject, previewText: text.previewText, html: text.htmlBody, text: text.textBody });
    checkVariants(text);
    return text;
  }

  private async accountOf(tenant: Tenant, ref: ObjectRef): Promise<string> {
    try {
      return (await this.accounts.get(tenant, ref)).id;
    } catch (error) {
      if (error instanceof Refusal && error.kind === 'not_found') {
        throw invalid('email_account_id', 'The selected email_account_id is invalid.');
      }
      throw error;
    }
  }
}

/** A broadcast tries nothing. @throws Refusal 422 */
function testIn(
  was: CampaignText,
  { type = was.type, abTest }: CampaignChange,
): Pick<CampaignText, 'type' | 'variants' | 'winnerBy' | 'winnerAfterMinutes'> {
  if (type === 'broadcast') {
    if (abTest != null) {
      throw invalid('ab_test', 'The ab_test field is for campaigns of type ab_test.');
    }
    return { type, variants: [], winnerBy: null, winnerAfterMinutes: null };
  }
  if (abTest === null || (abTest === undefined && was.type !== 'ab_test')) {
    throw invalid('ab_test', 'The ab_test field is required when type is ab_test.');
  }
  if (abTest === undefined) {
    const { variants, winnerBy, winnerAfterMinutes } = was;
    return { type, variants, winnerBy, winnerAfterMinutes };
  }
  if (abTest.variants.reduce((sum, { share }) => sum + share, 0) > 100) {
    throw invalid('ab_test.variants', 'The shares of ab_test.variants must not be more than 100 together.');
  }
  const variants = abTest.variants.map((one, n) => ({ ...one, letter: LETTERS[n]! }));
  return { type, variants, winnerBy: abTest.winnerBy, winnerAfterMinutes: abTest.winnerAfterMinutes };
}

/** @throws InvalidInput 422 on each field that is wrong, saying where */
function checkVariants({ variants, previewText }: CampaignText): void {
  const errors: Record<string, readonly string[]> = {};
  for (const [n, { subject, htmlBody: html, textBody: text }] of variants.entries()) {
    try {
      checkContent({ subject, previewText, html, text });
    } catch (error) {
      if (!(error instanceof InvalidInput)) {
        throw error;
      }
      for (const [name, says] of Object.entries(error.details.errors ?? {})) {
        errors[`ab_test.variants.${n}.${name}`] = says;
      }
    }
  }
  if (Object.keys(errors).length > 0) {
    throw new InvalidInput(errors);
  }
}

/** What a variant says: what it leaves out is the campaign's, a text only where the HTML is. */
export function contentOf({ subject, previewText, htmlBody, textBody }: CampaignRow, variant?: Variant): Content {
  return {
    ...{ subject: variant?.subject ?? subject, previewText, html: variant?.htmlBody ?? htmlBody },
    text: variant?.textBody ?? (variant?.htmlBody == null ? textBody : null),
  };
}
