import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { StatusReport } from '../providers/provider.js';
import { leavesFor, type DeliveryStatus } from './delivery-status.js';
import { ALLOW, ANNOUNCE, MOVE, RECEIVE, REPLIED_LATELY, SUBMIT } from './deliveries.sql.js';

/** What is known of a delivery besides its status; what is absent stays as it is. */
export interface Told extends Omit<Partial<StatusReport>, 'status'> {
  /** Whether the provider says it: then an outcome that was unknown is known after all. */
  readonly reported?: true;
  readonly computedSegments?: number;
  readonly encoding?: string;
}

/** A delivery after a move. */
export interface Moved {
  readonly status: DeliveryStatus;
  readonly moved: boolean;
  readonly channelId: string;
  readonly addressId: string;
  readonly personId: string | null;
  readonly to: string | null;
}

export interface Submitted {
  /** `go`: this call and no other is to be made. */
  readonly answer: 'go' | 'unknown' | 'ended' | 'gone';
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly attempts: number;
}

/** A message that came in. */
export interface Received {
  readonly id: string;
  readonly channelId: string;
  readonly addressId: string;
  readonly personId: string;
  readonly from: string;
  readonly to: string;
  readonly providerId: string;
  readonly providerMessageId: string;
  readonly provider: string;
  readonly segments: number;
  readonly encoding: string;
}

@Injectable()
export class DeliveriesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where there is no such delivery. */
  async submit(tenant: Tenant, id: string, attempt: number): Promise<Submitted | null> {
    return (await this.row<Submitted & Record<string, unknown>>(tenant, SUBMIT, id, attempt)) ?? null;
  }

  /** Null where there is no such delivery. */
  async move(tenant: Tenant, id: string, to: DeliveryStatus, told: Told): Promise<Moved | null> {
    const values = [id, to, leavesFor(to), JSON.stringify(told)];
    return (await this.row<Moved & Record<string, unknown>>(tenant, MOVE, ...values)) ?? null;
  }

  /** Whether it is new. */
  async receive(tenant: Tenant, one: Received): Promise<boolean> {
    const { id, channelId, addressId, personId, from, to, providerId, providerMessageId, provider } = one;
    const values = [id, channelId, addressId, personId, from, to, providerId, providerMessageId, provider];
    return (await this.row(tenant, RECEIVE, ...values, one.segments, one.encoding)) !== undefined;
  }

  async announce(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, ANNOUNCE, id);
  }

  async allow(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, ALLOW, id);
  }

  async repliedLately(tenant: Tenant, addressId: string, channelId: string): Promise<boolean> {
    return (await this.row(tenant, REPLIED_LATELY, addressId, channelId)) !== undefined;
  }
}
