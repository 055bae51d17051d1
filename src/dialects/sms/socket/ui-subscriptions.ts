import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LiveService } from '../../../delivery/live/live.service.js';
import { Connections } from '../../../notify/realtime/connections.js';
import { HOUR_MS } from '../../../platform/common/durations.js';
import { formatId, parseId } from '../../../platform/common/ids/type-id.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Feed } from '../../../platform/outbox/feed.js';
import { MemberSockets } from '../../../workspaces/sockets/member-sockets.js';
import { presentChange } from './live.presenter.js';
import { UiAdmission, type Admitted } from './ui-admission.js';
import { UiRooms } from './ui-rooms.js';
import type { UiSocket } from './ui-socket.js';

/** While a page is open. What is kept then is kept for more than a week. */
const KEEP_EVERY_MS = 12 * HOUR_MS;

const REASONS = { unauthorized: 'The session has ended', forbidden: 'Not a member' } as const;

/** What a page asks for. */
export interface Subscription {
  readonly workspaceId: string;
  /** The last event that it had. */
  readonly lastEventId?: string;
  /** Where the handshake brought none. */
  readonly token?: string;
}

/** Subscribes sockets to workspaces, and tells them what they missed. */
@Injectable()
export class UiSubscriptions implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('UiSubscriptions');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly admission: UiAdmission,
    private readonly memberSockets: MemberSockets,
    private readonly connections: Connections,
    private readonly feed: Feed,
    private readonly rooms: UiRooms,
    private readonly live: LiveService,
  ) {}

  /** Never fails: where it can't be done the socket is closed, and its page comes back. */
  async subscribe(socket: UiSocket, { workspaceId, lastEventId, token }: Subscription): Promise<void> {
    try {
      const admitted = await this.admission.admit(socket.opener, workspaceId, token);
      if (typeof admitted === 'string') {
        socket.end(admitted, REASONS[admitted]);
      } else if (await this.enter(socket, admitted)) {
        await this.begin(socket, admitted.tenant, lastEventId);
      }
    } catch (error) {
      this.logger.warn(`A page could not be subscribed: ${(error as Error).message}`);
      socket.end('overCapacity', 'Please try again later');
    }
  }

  /** The socket is gone. */
  end(socket: UiSocket): void {
    if (socket.client !== null) {
      this.rooms.leave(socket, socket.client);
      this.feed.leave(socket.client.clientId);
    }
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.keepAll(), KEEP_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Where it is true, nothing that happens from now on can be missed; it is held back. */
  private async enter(socket: UiSocket, { tenant, user }: Admitted): Promise<boolean> {
    const { clientId } = tenant;
    await this.feed.keep(clientId);
    await this.feed.listen(clientId);
    if (!socket.isOpen || !this.connections.settle(tenant)) {
      this.feed.leave(clientId);
      socket.end('overCapacity', 'Over capacity');
      return false;
    }
    socket.client = tenant;
    socket.user = user;
    socket.hold();
    this.rooms.enter(socket, tenant);
    // Whoever was in the caches may have lost it a moment ago; from here on it is looked for all the time.
    const ending = await this.memberSockets.endingOf({ ...user, clientId });
    if (ending !== null) {
      socket.end(ending, ending === 'forbidden' ? REASONS.forbidden : REASONS.unauthorized);
    }
    return ending === null;
  }

  /** First what was missed, then what happened meanwhile. */
  private async begin(socket: UiSocket, tenant: Tenant, lastEventId: string | undefined): Promise<void> {
    const eventId = lastEventId === undefined ? null : parseId('event', lastEventId);
    const missed = eventId === null ? null : await this.live.missedSince(tenant, eventId);
    const workspaceId = formatId('client', tenant.clientId);
    socket.say({ type: 'ready', data: { workspaceId, resumed: missed !== null } });
    if (missed === null && lastEventId !== undefined) {
      socket.say({ type: 'resync' });
    }
    const told = new Set<string>();
    for await (const changes of missed ?? []) {
      for (const change of changes) {
        const event = presentChange(tenant, change);
        await socket.send(JSON.stringify(event));
        // A conversation is told once for several events. What is held back under the same id may be told for another one, too.
        if (change.type !== 'conversation.updated') {
          told.add(event.id);
        }
      }
      if (!socket.isOpen) {
        return;
      }
    }
    socket.release(told);
  }

  private async keepAll(): Promise<void> {
    for (const clientId of this.rooms.workspaces()) {
      await this.feed.keep(clientId).catch((error: unknown) => {
        this.logger.warn(`The events of a workspace may not be kept: ${(error as Error).message}`);
      });
    }
  }
}
