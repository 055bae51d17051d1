import { Injectable } from '@nestjs/common';
import { now } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import { OutboundClient, type Outcome } from '../../platform/common/outbound/outbound-client.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { presentEvent } from '../events/event.presenter.js';
import type { ToldEvent } from '../events/event.js';
import { EventsService } from '../events/events.service.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import { OutboxRepository, type EndpointName, type Room, type Target } from './delivery-queue.repository.js';
import { judge } from './retries.js';
import { sign } from './signature.js';

export type { EndpointName };

/** Milliseconds after which an endpoint that still has something due goes back to the end of the queue. */
const TURN = 30_000;
/** Deliveries that are read at once, with what they are about. */
const BATCH = 20;

/**
 * Sends what is due at one endpoint, one after the other, in the order of the events. Meanwhile the endpoint is leased to
 * this process; should that die, the lease falls with its row in `replicas`, and what was not recorded is sent again.
 */
@Injectable()
export class Deliverer {
  /** Endpoints that could not be given back, because the database was away. */
  private readonly unreleased = new Map<string, EndpointName>();

  constructor(
    private readonly outbox: OutboxRepository,
    private readonly events: EventsService,
    private readonly outbound: OutboundClient,
    private readonly destinations: OutboundPolicy,
    private readonly replicas: Replicas,
  ) {}

  /** The endpoints that wait for somebody. */
  async waiting(room: Room): Promise<EndpointName[]> {
    for (const name of [...this.unreleased.values()]) {
      await this.release(name);
    }
    return this.outbox.waiting(room);
  }

  /**
   * @param stop ends it after the attempt under way
   * @param abandon ends the attempt too; it is as if it had not been made
   */
  async deliver(name: EndpointName, stop: AbortSignal, abandon: AbortSignal): Promise<void> {
    const { clientId, endpointId } = name;
    const target = await this.outbox.lease({ clientId, livemode: false }, endpointId, this.replicas.id);
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
    const end = now().getTime() + TURN;
    let target: Target | null = leased;
    // Many at once may not answer; what an endpoint is not sent meanwhile is not to be held for it.
    for (let batch = 1; ; batch = BATCH) {
      const due = await this.outbox.due(tenant, endpointId, this.replicas.id, batch);
      if (due.length === 0) {
        return;
      }
      const told = await this.events.tell(tenant, due);
      for (const [at, { deliveryId, attempts }] of due.entries()) {
        const outcome = await this.send(tenant, target, told[at]!, abandon);
        const verdict = judge(outcome, attempts + 1, target.failuresInARow, Math.random());
        const place = { endpointId, replicaId: this.replicas.id, deliveryId };
        target = await this.outbox.record(tenant, place, verdict, outcome);
        if (!target || stop.aborted || now().getTime() > end) {
          return;
        }
      }
    }
  }

  private send(tenant: Tenant, { url, secrets }: Target, told: ToldEvent, abandon: AbortSignal): Promise<Outcome> {
    const body = JSON.stringify(presentEvent(tenant, told));
    const headers = sign(formatId('event', told.event.id), now(), body, secrets);
    return this.outbound.post({ url, allowance: this.destinations.allowanceOf(tenant), headers, body }, abandon);
  }

  private async release(name: EndpointName): Promise<void> {
    const { clientId, endpointId } = name;
    try {
      await this.outbox.release({ clientId, livemode: false }, endpointId, this.replicas.id);
      this.unreleased.delete(endpointId);
    } catch (error) {
      this.unreleased.set(endpointId, name);
      throw error;
    }
  }
}
