import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { carrierIn, type Carrier, type ConnectionRow } from '../providers/carrier.js';
import type { OutboundText } from '../providers/provider.js';
import type { DeliveryJob, PendingMessage } from './delivery-job.entity.js';
import { CALL_AGAIN, CLAIM, DOUBT, DROP, FETCH_AGAIN, FIND, LOOK_AGAIN, PUT_BACK } from './jobs.sql.js';
import { bodyToSend, type Stored } from '../deliveries/smart-encoding.js';

/** A job that this process is to do. */
export type DueJob = Tenant &
  Pick<DeliveryJob, 'id' | 'kind' | 'attempts' | 'tries' | 'channelId' | 'position' | 'media'>;

/** Bounds of a claim. */
export interface ClaimLimits {
  /** Clients whose slots are full. */
  readonly except: readonly string[];
  readonly leaseMs: number;
  /** This process. */
  readonly replicaId: string;
}

/** What a provider is asked about. */
type Subject = Omit<OutboundText, 'id' | 'media'> & {
  readonly providerMessageId: string | null;
  /** When it was called; null where it surely was not. */
  readonly submittedAt: Date | null;
  readonly provider: ConnectionRow | null;
};

@Injectable()
export class JobsRepository extends TenantRepository {
  constructor(private readonly all: Database) {
    super(all);
  }

  /**
   * MOST_CLAIMED at most. Without a name, so that it is planned each time, for as many jobs as there are: a plan that was made
   * while the queue was empty looks at all of them for each of them.
   */
  claim({ except, leaseMs, replicaId }: ClaimLimits): Promise<DueJob[]> {
    const values = [except, leaseMs, replicaId];
    return this.all.acrossTenants<DueJob & Record<string, unknown>>({ ...CLAIM, name: '' }, values);
  }

  async find(tenant: Tenant, id: string): Promise<Subject | null> {
    const row = await this.row<Omit<Subject, 'provider'> & Stored & Carrier & Record<string, unknown>>(
      tenant,
      FIND,
      id,
    );
    return row ? { ...row, body: bodyToSend(row), provider: carrierIn(row) } : null;
  }

  async drop(tenant: Tenant, { id, kind }: DueJob): Promise<void> {
    await this.row(tenant, DROP, id, kind);
  }

  async doubt(tenant: Tenant, { id }: DueJob, seconds: number): Promise<void> {
    await this.row(tenant, DOUBT, id, seconds);
  }

  /** As if it had not been taken. */
  async putBack(tenant: Tenant, { id, attempts }: DueJob): Promise<void> {
    await this.row(tenant, PUT_BACK, id, attempts);
  }

  async callAgain(tenant: Tenant, { id }: DueJob, seconds: number): Promise<void> {
    await this.row(tenant, CALL_AGAIN, id, seconds);
  }

  async fetchAgain(tenant: Tenant, { id }: DueJob, message: PendingMessage, seconds: number): Promise<void> {
    await this.row(tenant, FETCH_AGAIN, id, JSON.stringify(message), seconds);
  }

  async lookAgain(tenant: Tenant, { id, kind }: DueJob, seconds: number): Promise<void> {
    await this.row(tenant, LOOK_AGAIN, id, kind, seconds);
  }
}
