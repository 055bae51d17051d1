import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Bus } from '../../platform/cluster/bus.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import { presenceRooms } from './channel-name.js';
import { PusherFrame } from './pusher-frame.js';
import { PresencesRepository } from './presences.repository.js';
import { PusherRooms } from './pusher-rooms.js';

/** Signals of other processes may get lost, so everything is read again now and then. */
const REFRESH_EVERY_MS = 3_000;

/** Who is in a presence channel, as Pusher's protocol writes it. */
export interface Presence {
  readonly count: number;
  readonly ids: readonly string[];
  readonly hash: Readonly<Record<string, { readonly name: string }>>;
}

/** A presence channel that a socket of this process is subscribed to. */
interface Watched {
  readonly tenant: Tenant;
  readonly channelId: string;
  /** Customer ids and names, as the sockets here were last sent them. */
  known: Map<string, string>;
  /** How many sockets here each customer has. */
  readonly tabs: Map<string, number>;
  /** Customers without a socket here, whose row may still say that they have one. */
  readonly leaving: Set<string>;
  /** Tasks that wait or run; they run one after another. */
  pending: number;
  turn: Promise<unknown>;
  isRefreshWaiting: boolean;
}

/**
 * Who is subscribed to which presence channel, over all processes. The table is the truth; each process compares it
 * with what its own sockets were sent, and sends them the difference. So a lost signal only delays, and nobody who left
 * stays in the list.
 */
@Injectable()
export class Presences implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Presences');
  private readonly watched = new Map<string, Watched>();
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(
    private readonly presences: PresencesRepository,
    private readonly rooms: PusherRooms,
    private readonly bus: Bus,
    replicas: Replicas,
  ) {
    replicas.onGone(() => void this.refreshAll());
    bus.onSignal((signal) => {
      const one = signal.kind === 'presence' && this.watched.get(keyOf(signal.clientId, signal.channelId));
      if (one) {
        void this.refresh(one);
      }
    });
  }

  onApplicationBootstrap(): void {
    const look = async (): Promise<void> => {
      await this.refreshAll();
      if (!this.ended) {
        this.timer = setTimeout(() => void look(), REFRESH_EVERY_MS);
      }
    };
    this.timer = setTimeout(() => void look(), REFRESH_EVERY_MS);
  }

  onApplicationShutdown(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  /**
   * Adds a socket of this customer. `welcome` gets who is present before anything changes again, and answers whether
   * the socket was subscribed. False: it was not, or the customer is not a member of the channel.
   */
  async enter(
    tenant: Tenant,
    channelId: string,
    customerId: string,
    welcome: (there: Presence) => boolean,
  ): Promise<boolean> {
    const key = keyOf(tenant.clientId, channelId);
    const one = this.watched.get(key) ?? newWatched(tenant, channelId);
    this.watched.set(key, one);
    return this.inTurn(one, async () => {
      const isFirst = !one.tabs.has(customerId);
      if (isFirst) {
        // Whatever fails before the socket is subscribed, the row is deleted again.
        one.leaving.add(customerId);
        if (!(await this.presences.join(tenant, channelId, customerId))) {
          one.leaving.delete(customerId);
          return false;
        }
        this.signal(one);
      }
      await this.publishChanges(one);
      if (!welcome(presentAll(one.known))) {
        return false;
      }
      one.leaving.delete(customerId);
      one.tabs.set(customerId, (one.tabs.get(customerId) ?? 0) + 1);
      return true;
    });
  }

  /**
   * Removes a socket. A row that can't be deleted now is deleted by the next refresh, or falls with the process's own
   * row.
   */
  leave(tenant: Tenant, channelId: string, customerId: string): void {
    const one = this.watched.get(keyOf(tenant.clientId, channelId))!;
    const tabs = one.tabs.get(customerId)! - 1;
    if (tabs > 0) {
      one.tabs.set(customerId, tabs);
      return;
    }
    one.tabs.delete(customerId);
    one.leaving.add(customerId);
    if (!this.ended) {
      void this.refresh(one);
    }
  }

  private async refreshAll(): Promise<void> {
    for (const one of [...this.watched.values()]) {
      await this.refresh(one);
    }
  }

  /** Unless one is waiting already. Never fails: there is a next one. */
  private async refresh(one: Watched): Promise<void> {
    if (one.isRefreshWaiting) {
      return;
    }
    one.isRefreshWaiting = true;
    const look = async (): Promise<void> => {
      one.isRefreshWaiting = false;
      await this.writeLeaving(one);
      await this.publishChanges(one);
    };
    await this.inTurn(one, look).catch((error: unknown) => {
      this.logger.warn(`Who is there could not be read: ${(error as Error).message}`);
    });
  }

  private async writeLeaving(one: Watched): Promise<void> {
    for (const customerId of one.leaving) {
      await this.presences.leave(one.tenant, one.channelId, customerId);
      one.leaving.delete(customerId);
      this.signal(one);
    }
  }

  private async publishChanges(one: Watched): Promise<void> {
    const { tenant, channelId, known } = one;
    const there = new Map(
      (await this.presences.list(tenant, channelId)).map(({ customerId, name }) => [customerId, name]),
    );
    one.known = there;
    for (const customerId of known.keys()) {
      if (!there.has(customerId)) {
        this.publish(one, 'pusher_internal:member_removed', { user_id: formatId('customer', customerId) });
      }
    }
    for (const [customerId, name] of there) {
      if (!known.has(customerId)) {
        const user_id = formatId('customer', customerId);
        this.publish(one, 'pusher_internal:member_added', { user_id, user_info: { name } });
      }
    }
  }

  private publish({ tenant, channelId }: Watched, event: string, data: object): void {
    const frame = new PusherFrame(event, data);
    presenceRooms(channelId).forEach((room) => this.rooms.publish(tenant.clientId, room, frame));
  }

  private signal({ tenant, channelId }: Watched): void {
    this.bus.send({ kind: 'presence', clientId: tenant.clientId, channelId });
  }

  private async inTurn<T>(one: Watched, work: () => Promise<T>): Promise<T> {
    one.pending += 1;
    const result = one.turn.then(work);
    one.turn = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      one.pending -= 1;
      if (one.pending === 0 && one.tabs.size === 0 && one.leaving.size === 0) {
        this.watched.delete(keyOf(one.tenant.clientId, one.channelId));
      }
    }
  }
}

function keyOf(clientId: string, channelId: string): string {
  return `${clientId}/${channelId}`;
}

function newWatched({ clientId, livemode }: Tenant, channelId: string): Watched {
  return {
    tenant: { clientId, livemode },
    channelId,
    known: new Map(),
    tabs: new Map(),
    leaving: new Set(),
    pending: 0,
    turn: Promise.resolve(),
    isRefreshWaiting: false,
  };
}

function presentAll(known: ReadonlyMap<string, string>): Presence {
  const hash = Object.fromEntries([...known].map(([id, name]) => [formatId('customer', id), { name }]));
  return { count: known.size, ids: Object.keys(hash), hash };
}
