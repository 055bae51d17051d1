import { Injectable } from '@nestjs/common';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { Binding } from '../binding.js';
import { idsIn, type NamedRow } from '../segments/filter-ids.js';
import { FIND_NAMED } from '../segments/segments.sql.js';
import { countOfAudience, filterIn } from './audience.sql.js';
import type { Audience, Campaign, CampaignStatus } from './campaign.entity.js';
import type { CampaignVariant } from './campaign-variant.entity.js';
import { countOfCampaigns, pageOfCampaigns, type CampaignFilters, type CampaignPageOf } from './campaigns.sql.js';
import * as SQL from './campaigns.sql.js';
import { CHOOSE, FREEZE_VARIANTS, WRITE_VARIANTS } from './variants.sql.js';

/** How many mails it became, and what became of them. */
export interface CampaignCounts {
  readonly recipients: number;
  readonly skipped: number;
  /** Those that came back included. */
  readonly sent: number;
  readonly failed: number;
  readonly unknown: number;
  readonly bounced: number;
  readonly opened: number;
  readonly clicked: number;
  readonly machine_opens: number;
  readonly machine_clicks: number;
  readonly unsubscribed: number;
  readonly replied: number;
}

export interface CampaignSummary extends Pick<
  Campaign,
  | 'id'
  | 'name'
  | 'type'
  | 'subject'
  | 'previewText'
  | 'audience'
  | 'tracksOpens'
  | 'tracksClicks'
  | 'status'
  | 'statusReason'
  | 'scheduledAt'
  | 'startedAt'
  | 'sentAt'
  | 'createdAt'
  | 'winner'
  | 'winnerDueAt'
> {
  readonly number: number;
  readonly accountId: string | null;
  readonly accountNumber: number | null;
  readonly counts: CampaignCounts;
}

/** One of those that an A/B test tries. */
export type Variant = Pick<CampaignVariant, 'letter' | 'subject' | 'htmlBody' | 'textBody' | 'share'>;

export interface CampaignRow
  extends CampaignSummary, Pick<Campaign, 'htmlBody' | 'textBody' | 'bodyJson' | 'winnerBy' | 'winnerAfterMinutes'> {
  /** By letter. None where it is no A/B test. */
  readonly variants: readonly Variant[];
}

/** All that its author says of a campaign. */
export type CampaignText = Pick<
  Campaign,
  | 'name'
  | 'subject'
  | 'previewText'
  | 'htmlBody'
  | 'textBody'
  | 'bodyJson'
  | 'audience'
  | 'emailAccountId'
  | 'tracksOpens'
  | 'tracksClicks'
  | 'scheduledAt'
  | 'type'
  | 'winnerBy'
  | 'winnerAfterMinutes'
> & { readonly variants: readonly Variant[] };

export interface AudienceCount {
  readonly matching: number;
  readonly withoutEmail: number;
  readonly unsubscribed: number;
  readonly suppressed: number;
  readonly willReceive: number;
}

export type HeldCampaign = Pick<Campaign, 'status' | 'startedAt' | 'scheduledAt' | 'type' | 'winner'>;

/** What a campaign is from its beginning on. */
export interface FrozenCampaign {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly audience: Audience;
  readonly accountId: string;
  readonly links: readonly string[];
  readonly variants: readonly FrozenVariant[];
}

export interface FrozenVariant {
  readonly letter: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

@Injectable()
export class CampaignsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  /** Its number; null where there are as many as there may be. */
  async insert(tenant: Tenant, id: string, most: number): Promise<number | null> {
    await this.row(tenant, SQL.LOCK);
    return (await this.row<{ number: number }>(tenant, SQL.CREATE, id, most))?.number ?? null;
  }

  /** False where it can be written no more. */
  async write(tenant: Tenant, number: number, text: CampaignText): Promise<boolean> {
    const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
    const { name, subject, previewText, htmlBody, textBody, bodyJson, audience } = text;
    const { emailAccountId, tracksOpens, tracksClicks, scheduledAt, type, winnerBy, winnerAfterMinutes } = text;
    const written = await this.row(
      ...([tenant, SQL.WRITE, number, name, subject, previewText, htmlBody, textBody, json(bodyJson)] as const),
      ...[json(audience), emailAccountId, tracksOpens, tracksClicks, scheduledAt, type, winnerBy, winnerAfterMinutes],
    );
    if (written !== undefined) {
      await this.row(tenant, WRITE_VARIANTS, number, JSON.stringify(text.variants));
    }
    return written !== undefined;
  }

  async find(tenant: Tenant, ref: ObjectRef): Promise<CampaignRow | null> {
    return (await this.row<CampaignRow & Record<string, unknown>>(tenant, SQL.FIND, ...refValues(ref))) ?? null;
  }

  findMany(tenant: Tenant, ids: readonly string[]): Promise<CampaignSummary[]> {
    return this.rows<CampaignSummary & Record<string, unknown>>(tenant, SQL.FIND_MANY, ids);
  }

  findSlice(tenant: Tenant, filters: CampaignFilters, page: CampaignPageOf): Promise<CampaignSummary[]> {
    const binding = new Binding();
    const text = pageOfCampaigns(filters, page, binding);
    return this.rows<CampaignSummary & Record<string, unknown>>(tenant, { text }, ...binding.values);
  }

  async count(tenant: Tenant, filters: CampaignFilters): Promise<number> {
    const binding = new Binding();
    const text = countOfCampaigns(filters, binding);
    return (await this.rows<{ total: number }>(tenant, { text }, ...binding.values))[0]!.total;
  }

  /** How many there are. */
  async countAll(tenant: Tenant): Promise<number> {
    return (await this.row<{ total: number }>(tenant, SQL.COUNT))!.total;
  }

  async countAudience(tenant: Tenant, audience: Audience, at: Date): Promise<AudienceCount> {
    const binding = new Binding();
    const ids = await idsIn(filterIn(audience), (...numbers) => this.rows<NamedRow>(tenant, FIND_NAMED, ...numbers));
    const text = countOfAudience({ audience, ids }, binding, at);
    return (await this.rows<AudienceCount & Record<string, unknown>>(tenant, { text }, ...binding.values))[0]!;
  }

  /** Holds it until the commit. */
  async hold(tenant: Tenant, number: number): Promise<HeldCampaign | null> {
    return (await this.row<HeldCampaign & Record<string, unknown>>(tenant, SQL.HOLD, number)) ?? null;
  }

  async move(
    tenant: Tenant,
    number: number,
    status: CampaignStatus,
    { reason = null, at = null }: { readonly reason?: string | null; readonly at?: Date | null } = {},
  ): Promise<void> {
    await this.row(tenant, SQL.MOVE, number, status, reason, at);
  }

  async start(tenant: Tenant, number: number, frozen: FrozenCampaign): Promise<void> {
    const { subject, html, text, audience, accountId, links, variants } = frozen;
    await this.row(tenant, SQL.START, number, subject, html, text, JSON.stringify(audience), accountId, links);
    await this.row(
      tenant,
      FREEZE_VARIANTS,
      number,
      JSON.stringify(
        variants.map(({ letter, subject: says, html: shows, text: reads }) => ({
          letter,
          subject: says,
          html: shows,
          text: reads,
        })),
      ),
    );
  }

  /** It is held, and has no winner. */
  async choose(tenant: Tenant, number: number, letter: string): Promise<void> {
    await this.row(tenant, CHOOSE, number, letter);
  }

  async remove(tenant: Tenant, number: number): Promise<void> {
    await this.row(tenant, SQL.REMOVE, number);
  }

  async findWorkspaceName(tenant: Tenant, number: number): Promise<string> {
    return (await this.row<{ name: string }>(tenant, SQL.WORKSPACE_NAME, number))!.name;
  }

  async findDefaultAccount(tenant: Tenant): Promise<string | null> {
    return (await this.row<{ id: string }>(tenant, SQL.DEFAULT_ACCOUNT))?.id ?? null;
  }
}
