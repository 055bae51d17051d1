import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { ticks } from '../../platform/common/clock.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { parseChannelName, presenceRooms, channelRoom, type ChannelName } from './channel-name.js';
import { MemberSockets } from '../../workspaces/sockets/member-sockets.js';
import { Feed } from '../../platform/outbox/feed.js';
import { OpenSockets } from '../../notify/realtime/open-sockets.js';
import { Presences, type Presence } from './presences.js';
import { PusherRepository } from './pusher.repository.js';
import { PusherRooms } from './pusher-rooms.js';
import { isSigned } from './signature.js';
import type { Owner, PusherSocket } from './pusher-socket.js';

const MAX_PER_SOCKET = 200;
/** Subscriptions of a socket, made and ended, that may wait for their turn. */
const MAX_WAITING = 500;
const NOT_ALLOWED = 'Not allowed to subscribe to this channel';

/** The data of `pusher:subscribe`, unchecked. */
export type SubscribeData = Readonly<Partial<Record<'channel' | 'auth' | 'channel_data', unknown>>>;

/** A subscription that is being made, and the customers that left its channel in the meantime. */
interface PendingSubscription {
  readonly clientId: string;
  readonly channelId: string | null;
  readonly gone: Set<string>;
}

/** Subscribes sockets to channels, and ends that when the customer leaves the channel. */
@Injectable()
export class Subscriptions {
  private readonly logger = new Logger('Subscriptions');
  private readonly pendingSubscriptions = new Set<PendingSubscription>();

  constructor(
    private readonly repository: PusherRepository,
    private readonly rooms: PusherRooms,
    private readonly presences: Presences,
    private readonly feed: Feed,
    private readonly openSockets: OpenSockets,
    private readonly memberSockets: MemberSockets,
  ) {}

  subscribe(socket: PusherSocket, { channel, auth, channel_data: channelData }: SubscribeData): void {
    if (typeof channel !== 'string') {
      socket.sendError('A subscription names its channel');
      return;
    }
    const refuse = (error: string, status: number, type = 'AuthError'): void =>
      socket.send('pusher:subscription_error', { type, error, status }, channel.slice(0, 200));
    const name = parseChannelName(channel);
    if (name === null) {
      refuse(/^(private|presence)-/.test(channel) ? NOT_ALLOWED : 'There are no public channels', 403);
    } else if (typeof auth !== 'string' || (channelData !== undefined && typeof channelData !== 'string')) {
      refuse('The subscription is not signed', 401);
    } else if (!isSigned(socket.client, auth, socket.id, channel, channelData)) {
      refuse('The signature is not valid', 401);
    } else {
      socket.isAnonymous = false;
      const pending = { clientId: socket.client.clientId, channelId: channelOf(name), gone: new Set<string>() };
      void this.inTurn(socket, async () => {
        if (socket.subscriptions.has(channel)) {
          socket.sendError(`Already subscribed to ${channel}`);
        } else if (socket.subscriptions.size >= MAX_PER_SOCKET) {
          refuse(`Not more than ${MAX_PER_SOCKET} channels per connection`, 403, 'LimitReached');
        } else if (!(await this.admit(socket, name, pending))) {
          refuse(NOT_ALLOWED, 403);
        }
      });
    }
  }

  unsubscribe(socket: PusherSocket, { channel }: SubscribeData): void {
    const name = typeof channel === 'string' ? parseChannelName(channel) : null;
    if (name !== null) {
      void this.inTurn(socket, () => {
        if (socket.subscriptions.has(name.text)) {
          this.drop(socket, name);
        }
      });
    }
  }

  /** The socket is gone. */
  end(socket: PusherSocket): void {
    for (const name of [...socket.subscriptions.values()]) {
      this.drop(socket, name);
    }
  }

  /** A customer has left a channel, and is sent nothing of it any more. */
  evict(clientId: string, channelId: string, customerId: string): void {
    for (const pending of this.pendingSubscriptions) {
      if (pending.clientId === clientId && pending.channelId === channelId) {
        pending.gone.add(customerId);
      }
    }
    for (const room of [channelRoom(channelId), ...presenceRooms(channelId)]) {
      for (const socket of this.rooms.socketsIn(clientId, room)) {
        if (socket.owner?.customerId === customerId) {
          this.drop(socket, socket.subscriptions.get(room)!);
        }
      }
    }
  }

  /** The signature says what was allowed when it was made; this checks that it still is. */
  private async admit(socket: PusherSocket, name: ChannelName, pending: PendingSubscription): Promise<boolean> {
    const { client } = socket;
    let isListening = false;
    this.pendingSubscriptions.add(pending);
    try {
      // Before the owner is looked up, so that no event after that is missed.
      await this.feed.listen(client.clientId);
      isListening = true;
      const owner = await this.repository.findOwner(client, socket.id, pending.channelId);
      if (!owner?.isMember || !isFor(owner, socket.owner) || (await this.isFormerMember(client, owner))) {
        return false;
      }
      socket.owner = owner;
      const { customerId } = owner;
      const start = (there?: Presence): boolean => {
        if (!socket.isOpen || (customerId !== null && pending.gone.has(customerId))) {
          return false;
        }
        if (customerId !== null) {
          this.openSockets.opened(socket, client, customerId);
        }
        socket.subscriptions.set(name.text, name);
        this.rooms.enter(socket, name);
        const data = JSON.stringify(there ? { presence: there } : {});
        socket.send('pusher_internal:subscription_succeeded', data, name.text);
        return true;
      };
      return name.kind === 'presence'
        ? customerId !== null && (await this.presences.enter(client, name.id, customerId, start))
        : start();
    } finally {
      this.pendingSubscriptions.delete(pending);
      if (isListening && !socket.subscriptions.has(name.text)) {
        this.feed.leave(client.clientId);
      }
    }
  }

  private async isFormerMember({ clientId }: Tenant, { userId, sessionId }: Owner): Promise<boolean> {
    return (
      userId !== null &&
      (sessionId === null || (await this.memberSockets.endingOf({ clientId, userId, sessionId })) !== null)
    );
  }

  private drop(socket: PusherSocket, name: ChannelName): void {
    const { client, owner } = socket;
    socket.subscriptions.delete(name.text);
    this.rooms.leave(socket, name);
    this.feed.leave(client.clientId);
    if (name.kind === 'presence') {
      this.presences.leave(client, name.id, owner!.customerId!);
    }
  }

  /**
   * One after another, and not too fast. Where the database is away the socket is closed, and its app connects again.
   */
  private async inTurn(socket: PusherSocket, work: () => Promise<void> | void): Promise<void> {
    if (socket.waiting >= MAX_WAITING) {
      socket.end('flooding', 'Too many subscriptions at once');
      return;
    }
    socket.waiting += 1;
    try {
      await socket.inTurn(async () => {
        while (socket.isOpen && !socket.subscribing.take(ticks())) {
          await sleep(socket.subscribing.waitMs(ticks()), undefined, { ref: false });
        }
        socket.waiting -= 1;
        if (socket.isOpen) {
          await work();
        }
      });
    } catch (error) {
      this.logger.warn(`A subscription could not be made: ${(error as Error).message}`);
      socket.end('overCapacity', 'Please try again later');
    }
  }
}

/** A socket stays with its first owner: the same customer or user, by whichever session, or the same key. */
function isFor(owner: Owner, before: Owner | null): boolean {
  return (
    before === null ||
    (owner.customerId === before.customerId &&
      owner.userId === before.userId &&
      (owner.customerId !== null || owner.apiKeyId === before.apiKeyId))
  );
}

function channelOf(name: ChannelName): string | null {
  return name.kind === 'channel' || name.kind === 'presence' ? name.id : null;
}
