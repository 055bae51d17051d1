import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { Binding } from '../binding.js';
import { idsIn, type NamedRow } from '../segments/filter-ids.js';
import { FIND_NAMED } from '../segments/segments.sql.js';
import { filterIn, makeRecipients } from './audience.sql.js';
import type { Audience } from './campaign.entity.js';
import { dealing, type Share } from './dealing.js';
import type { CampaignRecipient } from './campaign-recipient.entity.js';
import {
  COUNT_UNDER_WAY,
  LIST_HOURS,
  LIST_LINKS,
  countOfRecipients,
  pageOfRecipients,
  type RecipientFilters,
} from './recipient-list.sql.js';
import * as SQL from './recipients.sql.js';
import * as VARIANTS from './variants.sql.js';

export interface DueAccount extends Tenant {
  readonly accountId: string;
}

export interface DueCampaign extends Tenant {
  readonly number: number;
}

export interface CampaignToPrepare extends DueCampaign {
  /** Whether its time has come, and it has not begun. */
  readonly isToStart: boolean;
}

/** A mail that this process is to hand in. */
export interface ClaimedRecipient extends Pick<CampaignRecipient, 'id' | 'attempts' | 'variant'> {
  readonly campaign: number;
  readonly claim: number;
  /** Until its turn; null where it was skipped instead. */
  readonly waitMs: number | null;
  readonly customerId: string | null;
  readonly address: string | null;
}

export interface CampaignContent {
  readonly id: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Its name. */
  readonly workspace: string;
  /** Its letter, in an A/B test. */
  readonly variant: string | null;
}

export interface RecipientRow extends Pick<
  CampaignRecipient,
  'id' | 'customerId' | 'address' | 'status' | 'sentAt' | 'openedAt' | 'clickedAt' | 'bouncedAt' | 'error' | 'variant'
> {
  readonly number: number;
  readonly contactName: string | null;
}

interface Preparing {
  readonly audience: Audience;
  readonly preparedUpto: number;
  readonly prepareTo: number;
  readonly startedAt: Date;
  readonly isTest: boolean;
}

/** What became of one variant. */
export interface VariantCounts {
  readonly letter: string;
  readonly share: number;
  readonly recipients: number;
  readonly sent: number;
  readonly bounced: number;
  readonly opened: number;
  readonly clicked: number;
}

type Which = Pick<ClaimedRecipient, 'id' | 'claim'>;

@Injectable()
export class RecipientsRepository extends TenantRepository {
  constructor(private readonly all: Database) {
    super(all);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  dueAccounts(except: readonly string[], most: number): Promise<DueAccount[]> {
    return this.all.acrossTenants<DueAccount & Record<string, unknown>>(SQL.DUE_ACCOUNTS, [except, most]);
  }

  claim(tenant: Tenant, accountId: string, replicaId: string, most: number): Promise<ClaimedRecipient[]> {
    return this.rows<ClaimedRecipient & Record<string, unknown>>(tenant, SQL.CLAIM, accountId, replicaId, most);
  }

  /** Null where it is gone. */
  async findContent(tenant: Tenant, campaign: number, variant: string | null): Promise<CampaignContent | null> {
    return (await this.row<CampaignContent & Record<string, unknown>>(tenant, SQL.CONTENT, campaign, variant)) ?? null;
  }

  /** `go`: its content may be said now, once. `held`: nothing of its campaign may. */
  async transmit(tenant: Tenant, { id, claim }: Which, replicaId: string): Promise<string | null> {
    const row = await this.row<{ answer: string }>(tenant, SQL.TRANSMIT, id, claim, replicaId);
    return row?.answer ?? null;
  }

  async sent(tenant: Tenant, { id, claim }: Which): Promise<void> {
    await this.row(tenant, SQL.SENT, id, claim);
  }

  /** @param isNobody whether there is nobody at the address */
  async fail(tenant: Tenant, { id, claim }: Which, why: string, isNobody: boolean): Promise<void> {
    await this.row(tenant, SQL.FAIL, id, claim, why, isNobody);
  }

  /** @param counts whether it is an attempt of its own */
  async again(
    tenant: Tenant,
    { id, claim }: Which,
    seconds: number,
    why: string | null,
    counts: boolean,
  ): Promise<void> {
    await this.row(tenant, SQL.AGAIN, id, claim, seconds, why, counts);
  }

  async doubt(tenant: Tenant, { id, claim }: Which, why: string): Promise<void> {
    await this.row(tenant, SQL.DOUBT, id, claim, why);
  }

  async findAccountVersion(tenant: Tenant, accountId: string): Promise<string | null> {
    return (await this.row<{ version: string }>(tenant, SQL.ACCOUNT_VERSION, accountId))?.version ?? null;
  }

  /** @param seconds null: until it is changed or tested */
  async pauseAccount(
    tenant: Tenant,
    accountId: string,
    why: string,
    seconds: number | null,
    version: string,
  ): Promise<void> {
    await this.row(tenant, SQL.PAUSE_ACCOUNT, accountId, why, seconds, version);
  }

  /** @returns how many */
  async retryUnknown(tenant: Tenant, campaign: number): Promise<number> {
    return (await this.rows(tenant, SQL.RETRY_UNKNOWN, campaign)).length;
  }

  /** @returns how many */
  async recover(most: number): Promise<number> {
    return (await this.all.acrossTenants(SQL.RECOVER, [most])).length;
  }

  /** What a process claimed and does not know of. @returns how many */
  async recoverOwn(most: number, replicaId: string, except: readonly string[]): Promise<number> {
    return (await this.all.acrossTenants(SQL.RECOVER_OWN, [most, replicaId, except])).length;
  }

  toPrepare(most: number): Promise<CampaignToPrepare[]> {
    return this.all.acrossTenants<CampaignToPrepare & Record<string, unknown>>(SQL.TO_PREPARE, [most]);
  }

  /**
   * Has PostgreSQL count how many recipients there are. Until it does by itself, a minute or more, it takes those of a new
   * campaign for few, and reads all of them where it could look one up.
   */
  async analyze(): Promise<void> {
    await this.all.acrossTenants({ name: 'campaign_recipients.analyze', text: 'ANALYZE campaign_recipients' }, []);
  }

  toSettle(most: number): Promise<DueCampaign[]> {
    return this.all.acrossTenants<DueCampaign & Record<string, unknown>>(SQL.TO_SETTLE, [most]);
  }

  async settle(tenant: Tenant, campaign: number): Promise<void> {
    await this.row(tenant, SQL.SETTLE, campaign);
  }

  /** Null where another holds it, or nothing is left to make. */
  async holdPreparing(tenant: Tenant, campaign: number): Promise<Preparing | null> {
    return (await this.row<Preparing & Record<string, unknown>>(tenant, SQL.HOLD_PREPARING, campaign)) ?? null;
  }

  /** Makes the next ones. @returns how many, and up to which contact */
  async make(
    tenant: Tenant,
    campaign: number,
    { audience, preparedUpto, prepareTo, startedAt }: Preparing,
    limit: number,
  ): Promise<{ readonly n: number; readonly last: number | null }> {
    const binding = new Binding();
    const batch = { campaign, after: preparedUpto, upTo: prepareTo, limit };
    const ids = await idsIn(filterIn(audience), (...numbers) => this.rows<NamedRow>(tenant, FIND_NAMED, ...numbers));
    const text = makeRecipients({ audience, ids }, batch, binding, startedAt);
    return (await this.rows<{ n: number; last: number | null }>(tenant, { text }, ...binding.values))[0]!;
  }

  /** Gives those who were made behind contact `after` their variants. */
  async deal(tenant: Tenant, campaign: number, after: number): Promise<void> {
    const shares = await this.rows<Share & Record<string, unknown>>(tenant, VARIANTS.SHARES, campaign);
    await this.row(tenant, VARIANTS.DEAL, campaign, after, dealing(shares));
  }

  toJudge(most: number): Promise<DueCampaign[]> {
    return this.all.acrossTenants<DueCampaign & Record<string, unknown>>(VARIANTS.TO_JUDGE, [most]);
  }

  async judge(tenant: Tenant, campaign: number): Promise<void> {
    await this.row(tenant, VARIANTS.JUDGE, campaign);
  }

  /** @returns how many */
  async release(tenant: Tenant, campaign: number, most: number): Promise<number> {
    return (await this.rows(tenant, VARIANTS.RELEASE, campaign, most)).length;
  }

  listVariants(tenant: Tenant, campaign: number): Promise<VariantCounts[]> {
    return this.rows<VariantCounts & Record<string, unknown>>(tenant, VARIANTS.LIST_VARIANTS, campaign);
  }

  async countHeld(tenant: Tenant, campaign: number): Promise<number> {
    return (await this.row<{ held: number }>(tenant, VARIANTS.COUNT_HELD, campaign))!.held;
  }

  async prepared(tenant: Tenant, campaign: number, upTo: number, isAll: boolean): Promise<void> {
    await this.row(tenant, SQL.PREPARED, campaign, upTo, isAll);
  }

  list(
    tenant: Tenant,
    campaign: number,
    filters: RecipientFilters,
    page: Parameters<typeof pageOfRecipients>[2],
  ): Promise<RecipientRow[]> {
    const binding = new Binding();
    const text = pageOfRecipients(campaign, filters, page, binding);
    return this.rows<RecipientRow & Record<string, unknown>>(tenant, { text }, ...binding.values);
  }

  async count(tenant: Tenant, campaign: number, filters: RecipientFilters): Promise<number> {
    const binding = new Binding();
    const text = countOfRecipients(campaign, filters, binding);
    return (await this.rows<{ total: number }>(tenant, { text }, ...binding.values))[0]!.total;
  }

  async countUnderWay(
    tenant: Tenant,
    campaign: number,
  ): Promise<{ readonly claimed: number; readonly transmitting: number }> {
    return (await this.row<{ claimed: number; transmitting: number }>(tenant, COUNT_UNDER_WAY, campaign))!;
  }

  listHours(
    tenant: Tenant,
    campaign: number,
    most: number,
  ): Promise<{ readonly hour: Date; readonly sent: number; readonly opened: number; readonly clicked: number }[]> {
    return this.rows(tenant, LIST_HOURS, campaign, most);
  }

  listLinks(
    tenant: Tenant,
    campaign: number,
  ): Promise<{ readonly n: number; readonly url: string; readonly clicks: number }[]> {
    return this.rows(tenant, LIST_LINKS, campaign);
  }
}
