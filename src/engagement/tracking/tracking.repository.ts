import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database, type Holder } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { CampaignRecipient } from '../campaigns/campaign-recipient.entity.js';
import type { DescribedContact } from '../templates/contact-values.js';
import { CLICK, FIND_MANY, OPEN, RESUBSCRIBE, UNSUBSCRIBE } from './tracking.sql.js';

/** Where a link leads, and what it may say on the way. */
export type FollowedLink = DescribedContact & { readonly url: string; readonly workspaceName: string };

/** A mail that was shown. */
export interface Open {
  readonly recipientId: string;
  readonly byMachine: boolean;
}

export interface ReaderRow extends Pick<
  CampaignRecipient,
  'id' | 'sentAt' | 'openedAt' | 'clickedAt' | 'unsubscribedAt'
> {
  readonly campaign: number;
  readonly campaignId: string;
  readonly campaignName: string;
  /** Its number; null once it was erased. */
  readonly contact: number | null;
  readonly email: string | null;
}

@Injectable()
export class TrackingRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async open(tenant: Holder, opens: readonly Open[]): Promise<void> {
    const ids = opens.map(({ recipientId }) => recipientId);
    await this.rows(
      tenant,
      OPEN,
      ids,
      opens.map(({ byMachine }) => byMachine),
    );
  }

  async click(tenant: Holder, recipientId: string, link: number, byMachine: boolean): Promise<FollowedLink | null> {
    const rows = await this.rows<FollowedLink & Record<string, unknown>>(tenant, CLICK, recipientId, link, byMachine);
    return rows[0] ?? null;
  }

  async unsubscribe(tenant: Holder, recipientId: string): Promise<void> {
    await this.rows(tenant, UNSUBSCRIBE, recipientId, uuidv7());
  }

  async resubscribe(tenant: Holder, recipientId: string): Promise<void> {
    await this.rows(tenant, RESUBSCRIBE, recipientId);
  }

  findMany(tenant: Tenant, ids: readonly string[]): Promise<ReaderRow[]> {
    return this.rows<ReaderRow & Record<string, unknown>>(tenant, FIND_MANY, ids);
  }
}
