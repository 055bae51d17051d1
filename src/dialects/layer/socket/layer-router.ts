import { Injectable, Logger } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Feed } from '../../../platform/outbox/feed.js';
import { loadPatiently, routeByClient } from '../../../notify/realtime/event-batches.js';
import { AudienceRepository } from './audience.repository.js';
import { Changes } from './changes.js';
import { LayerRooms } from './layer-rooms.js';
import type { Packet } from './packets.js';
import type { LayerEvent } from './event-context.js';

/** Sends what each event changed to the sockets of this dialect here. */
@Injectable()
export class LayerRouter {
  private readonly logger = new Logger('LayerRouter');

  constructor(
    feed: Feed,
    private readonly rooms: LayerRooms,
    private readonly audience: AudienceRepository,
    private readonly changes: Changes,
  ) {
    feed.onEvents((events) =>
      routeByClient(events as readonly LayerEvent[], (clientId, own) => this.routeFor(clientId, own)),
    );
  }

  /** Where changes can't be sent the sockets are closed: their apps connect again and ask for what they missed. */
  private async routeFor(clientId: string, events: readonly LayerEvent[]): Promise<void> {
    const tenant = this.rooms.tenantOf(clientId);
    if (!tenant) {
      return;
    }
    try {
      const load = async (): Promise<Packet[]> => this.changes.of(tenant, events, await this.viewersOf(tenant, events));
      for (const { to, type, body, seq } of await loadPatiently(load, this.logger)) {
        this.rooms.publish(clientId, to, type, body, seq);
      }
    } catch (error) {
      this.logger.error(`Changes could not be sent: ${(error as Error).message}`);
      this.rooms.endAllOf(clientId);
    }
  }

  /**
   * Those connected here whom the events may concern. Asked by channel, so that it costs the same however many are
   * connected.
   */
  private async viewersOf(tenant: Tenant, events: readonly LayerEvent[]): Promise<string[]> {
    const { clientId } = tenant;
    if (events.some(isForAnybody)) {
      return this.rooms.customersOf(clientId);
    }
    const channelIds = [...new Set(events.flatMap(({ channelId }) => channelId ?? []))];
    const members = await this.audience.findMembers(tenant, channelIds);
    return this.rooms.customersAmong(clientId, [...new Set([...members, ...events.flatMap(namedBy)])]);
  }
}

/** Not of one channel: the event does not say whom it concerns. */
function isForAnybody({ type }: LayerEvent): boolean {
  return type === 'customer.updated' || type === 'announcement.created';
}

/** Whom the event names: some are no members any more. */
function namedBy({ customerId, data }: LayerEvent): readonly string[] {
  const named = [customerId, 'customerId' in data ? data.customerId : null].filter((id) => id !== null);
  return 'customerIds' in data ? [...named, ...data.customerIds] : named;
}
