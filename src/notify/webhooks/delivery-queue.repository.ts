import { Injectable } from '@nestjs/common';
import type { PostResult } from '../../platform/common/outbound/outbound-client.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { StoredEvent } from '../events/event.js';
import { DUE, LEASE, RECORD, RELEASE, SWEEP } from './delivery-queue.sql.js';
import type { DeliveryOutcome } from './delivery-outcome.js';

/** Identifies an endpoint. */
export interface EndpointName {
  readonly clientId: string;
  readonly endpointId: string;
}

/** Bounds of a claim. */
export interface Room {
  /** Clients that have none. */
  readonly except: readonly string[];
  readonly most: number;
  readonly mostOfOne: number;
}

/** An endpoint that this process holds. */
export interface Target {
  readonly url: string;
  readonly livemode: boolean;
  /** All that sign now, the newest first. */
  readonly secrets: readonly string[];
  readonly failuresInARow: number;
}

export type DueDelivery = StoredEvent & { readonly deliveryId: string; readonly attempts: number };

/** Due deliveries, and the leases of their endpoints. */
@Injectable()
export class DeliveryQueueRepository extends TenantRepository {
  constructor(private readonly connection: Database) {
    super(connection);
  }

  /** The endpoints, of whatever client, that have something due and nobody who sends it. */
  waiting({ except, most, mostOfOne }: Room): Promise<EndpointName[]> {
    return this.connection.acrossTenants<EndpointName & Record<string, unknown>>(SWEEP, [except, most, mostOfOne]);
  }

  async lease(tenant: Tenant, endpointId: string, replicaId: string): Promise<Target | null> {
    return (await this.row<Target & Record<string, unknown>>(tenant, LEASE, endpointId, replicaId)) ?? null;
  }

  async release(tenant: Tenant, endpointId: string, replicaId: string): Promise<void> {
    await this.rows(tenant, RELEASE, endpointId, replicaId);
  }

  due(tenant: Tenant, endpointId: string, replicaId: string, limit: number): Promise<DueDelivery[]> {
    return this.rows<DueDelivery>(tenant, DUE, endpointId, limit, replicaId);
  }

  /** Null where this process must not go on with the endpoint. */
  async record(
    tenant: Tenant,
    { endpointId, replicaId, deliveryId }: { endpointId: string; replicaId: string; deliveryId: string },
    { status, retryInMs, pauseMs, isGone }: DeliveryOutcome,
    result: PostResult,
  ): Promise<Target | null> {
    const target = await this.row<Target & Record<string, unknown>>(
      tenant,
      RECORD,
      ...[endpointId, replicaId, deliveryId, status, retryInMs],
      ...[result.status, result.body, result.latencyMs, result.error, pauseMs, isGone],
    );
    return target ?? null;
  }
}
