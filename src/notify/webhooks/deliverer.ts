import { Injectable } from '@nestjs/common';
import { now } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { webhookAttempts } from '../../platform/common/metrics.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import { OutboundClient, type PostResult } from '../../platform/common/outbound/outbound-client.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { presentEvent } from '../events/event.presenter.js';
import type { LoadedEvent } from '../events/event.js';
import { EventsService } from '../events/events.service.js';
import { FurtherEvents, presentFurther } from '../events/further-events.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import { DeliveryQueueRepository, type EndpointName, type Room, type Target } from './delivery-queue.repository.js';
import { outcomeOf } from './delivery-outcome.js';
import { sign } from './signature.js';

export type { EndpointName };

/** After this an endpoint goes to the end of the queue, even if it has more that is due. */
const MAX_TURN_MS = 30_000;
/** Deliveries that are loaded at once. */
const BATCH_DELIVERIES = 20;

/**
 * Sends what is due at one endpoint, one after the other, in the order of the events. Meanwhile the endpoint is leased
 * to this process; should that die, the lease falls with its row in `replicas`, and what was not recorded is sent
 * again.
 */
@Injectable()
export class Deliverer {
  /** Leases that could not be released, because the database was away. */
  private readonly unreleased = new Map<string, EndpointName>();

  constructor(
    private readonly queue: DeliveryQueueRepository,
    private readonly events: EventsService,
    private readonly further: FurtherEvents,
    private readonly outbound: OutboundClient,
    private readonly policy: OutboundPolicy,
    private readonly replicas: Replicas,
  ) {}

  /** Endpoints with something due and no lease. */
  async waiting(room: Room): Promise<EndpointName[]> {
    for (const name of [...this.unreleased.values()]) {
      await this.release(name);
    }
    return this.queue.waiting(room);
  }

  /**
   * @param stop ends it after the attempt under way
   * @param abandon ends the attempt too; it is as if it had not been made
   */
  async deliver(name: EndpointName, stop: AbortSignal, abandon: AbortSignal): Promise<void> {
    const { clientId, endpointId } = name;
    const target = await this.queue.lease({ clientId, livemode: false }, endpointId, this.replicas.id);
    if (!target) {
      return;
    }
    try {
      await this.work({ clientId, livemode: target.livemode }, endpointId, target, stop, abandon);
    } finally {
      await this.release(name);
    }
  }

  private async work(
    tenant: Tenant,
    endpointId: string,
    leased: Target,
    stop: AbortSignal,
    abandon: AbortSignal,
  ): Promise<void> {
    const end = now().getTime() + MAX_TURN_MS;
    let target: Target | null = leased;
    // The first batch is a single delivery: many endpoints may not answer at once, and each would hold a whole batch in memory.
    for (let batch = 1; ; batch = BATCH_DELIVERIES) {
      const due = await this.queue.due(tenant, endpointId, this.replicas.id, batch);
      if (due.length === 0) {
        return;
      }
      const [loaded, further] = await Promise.all([this.events.load(tenant, due), this.further.present(tenant, due)]);
      for (const [at, { deliveryId, attempts }] of due.entries()) {
        const result = await this.send(tenant, target, loaded[at]!, further.get(due[at]!.id) ?? null, abandon);
        const outcome = outcomeOf(result, attempts + 1, target.failuresInARow, Math.random());
        webhookAttempts.inc({ outcome: outcome.status });
        const place = { endpointId, replicaId: this.replicas.id, deliveryId };
        target = await this.queue.record(tenant, place, outcome, result);
        if (!target || stop.aborted || now().getTime() > end) {
          return;
        }
      }
    }
  }

  private send(
    tenant: Tenant,
    { url, secrets }: Target,
    loaded: LoadedEvent,
    further: object | null,
    abandon: AbortSignal,
  ): Promise<PostResult> {
    const shown = further ? presentFurther(tenant, loaded.event, further) : presentEvent(tenant, loaded);
    const body = JSON.stringify(shown);
    const headers = sign(formatId('event', loaded.event.id), now(), body, secrets);
    return this.outbound.post({ url, rules: this.policy.rulesFor(tenant), headers, body }, abandon);
  }

  private async release(name: EndpointName): Promise<void> {
    const { clientId, endpointId } = name;
    try {
      await this.queue.release({ clientId, livemode: false }, endpointId, this.replicas.id);
      this.unreleased.delete(endpointId);
    } catch (error) {
      this.unreleased.set(endpointId, name);
      throw error;
    }
  }
}
