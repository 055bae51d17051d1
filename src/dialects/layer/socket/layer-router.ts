import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Feed } from '../../../platform/outbox/feed.js';
import { AudienceRepository } from './audience.repository.js';
import { Changes } from './changes.js';
import { LayerRooms } from './layer-rooms.js';
import type { Packet } from './packets.js';
import type { LayerEvent } from './event-context.js';

/** How often a batch is tried while the database is away, and the milliseconds between. */
const TRIES = 10;
const PAUSE = 500;

/** Takes what each event changed, once it is committed, to the sockets of this dialect here. */
@Injectable()
export class LayerRouter {
  private readonly logger = new Logger('LayerRouter');

  constructor(
    feed: Feed,
    private readonly rooms: LayerRooms,
    private readonly audience: AudienceRepository,
    private readonly changes: Changes,
  ) {
    feed.onEvents((events) => this.route(events as readonly LayerEvent[]));
  }

  private async route(events: readonly LayerEvent[]): Promise<void> {
    const clientIds = [...new Set(events.map(({ clientId }) => clientId))];
    await Promise.all(
      clientIds.map((id) =>
        this.routeFor(
          id,
          events.filter(({ clientId }) => clientId === id),
        ),
      ),
    );
  }

  /** What can't be told is caught up with: a socket that is closed comes back and asks. */
  private async routeFor(clientId: string, events: readonly LayerEvent[]): Promise<void> {
    const tenant = this.rooms.tenantOf(clientId);
    if (!tenant) {
      return;
    }
    try {
      for (const { to, type, body, seq } of await this.changesPatiently(tenant, events)) {
        this.rooms.publish(clientId, to, type, body, seq);
      }
    } catch (error) {
      this.logger.error(`Changes could not be told: ${(error as Error).message}`);
      this.rooms.endAllOf(clientId);
    }
  }

  private async changesPatiently(tenant: Tenant, events: readonly LayerEvent[]): Promise<Packet[]> {
    const of = async (): Promise<Packet[]> => this.changes.of(tenant, events, await this.viewersOf(tenant, events));
    for (let tries = 1; tries < TRIES; tries += 1) {
      try {
        return await of();
      } catch (error) {
        this.logger.warn(`Changes wait for the database: ${(error as Error).message}`);
        await sleep(PAUSE);
      }
    }
    return of();
  }

  /** Who may be told, of those here. Asked by channel, so that it costs the same however many are connected. */
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

/** Members no more, some of them. */
function namedBy({ customerId, data }: LayerEvent): readonly string[] {
  const named = [customerId, 'customerId' in data ? data.customerId : null].filter((id) => id !== null);
  return 'customerIds' in data ? [...named, ...data.customerIds] : named;
}
