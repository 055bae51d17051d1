import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import type { KnownClient } from '../../clients/clients.service.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { CustomersService } from '../../customers/customers.service.js';
import { channelRoom, clientRoom, customerRoom } from './channel-name.js';
import { Connections } from '../../notify/realtime/connections.js';
import { presentEvent, type Rows } from './event.presenter.js';
import type { AnyEvent } from '../../platform/outbox/event-types.js';
import { Feed, type FeedEvent } from '../../platform/outbox/feed.js';
import { PusherFrame } from './pusher-frame.js';
import { PusherRepository, type Watcher } from './pusher.repository.js';
import { PusherRooms } from './pusher-rooms.js';
import { Subscriptions } from './subscriptions.js';

/** How often a batch is tried while the database is away, and the milliseconds between. */
const TRIES = 10;
const PAUSE = 500;
/** Events after which what was sent may leave: written in one go, a long batch would make every reader a slow one. */
const BREATHE_AFTER = 32;

/** What is asked of the database about the events of one client, all at once. */
interface EventContext {
  readonly rows: Rows;
  readonly watchers: readonly Watcher[];
}

/** Takes each event, once it is committed, to the sockets here that may hear of it. */
@Injectable()
export class PusherRouter {
  private readonly logger = new Logger('Router');

  constructor(
    feed: Feed,
    private readonly rooms: PusherRooms,
    private readonly realtime: PusherRepository,
    private readonly channels: ChannelsService,
    private readonly customers: CustomersService,
    private readonly subscriptions: Subscriptions,
    private readonly connections: Connections,
  ) {
    feed.onEvents((events) => this.route(events));
  }

  private async route(events: readonly FeedEvent[]): Promise<void> {
    const clientIds = distinct(events.map(({ clientId }) => clientId));
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
  private async routeFor(clientId: string, events: readonly FeedEvent[]): Promise<void> {
    const client = this.rooms.clientOf(clientId);
    if (!client) {
      return;
    }
    try {
      await this.deliver(client, events, await this.lookAroundPatiently(client, events));
    } catch (error) {
      this.logger.error(`Events could not be delivered: ${(error as Error).message}`);
      this.connections.endAllOf(clientId, 'goingDown', 'Please catch up');
    }
  }

  private async lookAroundPatiently(client: KnownClient, events: readonly FeedEvent[]): Promise<EventContext> {
    for (let tries = 1; tries < TRIES; tries += 1) {
      try {
        return await this.lookAround(client, events);
      } catch (error) {
        this.logger.warn(`Events wait for the database: ${(error as Error).message}`);
        await sleep(PAUSE);
      }
    }
    return this.lookAround(client, events);
  }

  private async lookAround(client: KnownClient, events: readonly FeedEvent[]): Promise<EventContext> {
    const channelIds = distinct(events.map(({ channelId }) => channelId));
    const named = (kind: 'channel' | 'customer'): string[] =>
      distinct(
        (events as ReadonlyArray<FeedEvent & AnyEvent>).map(({ type, data }) =>
          type === `${kind}.created` || type === `${kind}.updated` ? (data as { id: string }).id : null,
        ),
      );
    const [watchers, channelRows, customerRows] = await Promise.all([
      this.findWatchers(client, channelIds),
      this.channels.findMany(client, named('channel')),
      this.customers.findMany(client, named('customer')),
    ]);
    return { rows: { channels: byId(channelRows), customers: byId(customerRows) }, watchers };
  }

  /** First who is in the channels, which are few; so it costs the same however many customers are connected. */
  private async findWatchers(client: KnownClient, channelIds: readonly string[]): Promise<readonly Watcher[]> {
    if (channelIds.length === 0 || !this.rooms.hasCustomers(client.clientId)) {
      return [];
    }
    const members = await this.realtime.findMembers(client, channelIds);
    const here = this.rooms.customersAmong(client.clientId, members);
    return here.length === 0 ? [] : this.realtime.findWatchers(client, channelIds, here);
  }

  /** In their order. */
  private async deliver(client: KnownClient, events: readonly FeedEvent[], around: EventContext): Promise<void> {
    const { clientId } = client;
    const unread = new Set<Watcher>();
    for (const [at, event] of (events as ReadonlyArray<FeedEvent & AnyEvent>).entries()) {
      if (at % BREATHE_AFTER === BREATHE_AFTER - 1) {
        await breathe();
      }
      const watchers = around.watchers.filter((one) => concerns(event, one));
      watchers.filter((one) => changesUnread(event, one)).forEach((one) => unread.add(one));
      const message = presentEvent(client, event, around.rows);
      if (!message) {
        continue;
      }
      if (event.channelId !== null && isForChannel(event)) {
        this.rooms.publish(clientId, channelRoom(event.channelId), message);
      }
      watchers.forEach(({ customerId }) => this.rooms.publish(clientId, customerRoom(customerId), message));
      this.rooms.publish(clientId, clientRoom, message);
      for (const customerId of goneWith(event)) {
        this.rooms.publish(clientId, customerRoom(customerId), message);
        this.subscriptions.evict(clientId, event.channelId!, customerId);
      }
    }
    for (const { channelId, customerId, unread: count, totalUnread } of unread) {
      const data = { channel_id: formatId('channel', channelId), unread_count: count, total_unread: totalUnread };
      this.rooms.publish(clientId, customerRoom(customerId), new PusherFrame('unread.changed', data));
    }
  }
}

/** All that happens in a channel, but for what one customer did for itself and for what nobody can have subscribed to. */
function isForChannel({ type, data }: AnyEvent): boolean {
  return type !== 'channel.created' && !(type === 'message.deleted' && data.mode === 'my_devices');
}

/** Whether a member of a channel hears of this on its own channel. */
function concerns(event: FeedEvent & AnyEvent, { channelId, customerId, joinedPosition }: Watcher): boolean {
  if (event.channelId !== channelId) {
    return false;
  }
  switch (event.type) {
    case 'message.created':
      return event.data.position > joinedPosition;
    case 'message.deleted':
      return event.data.mode === 'all_participants' || event.data.customerId === customerId;
    case 'member.left':
      // It is told by its name; unless it has come back since.
      return event.data.customerId !== customerId;
    default:
      return true;
  }
}

/** Who was in the channel until this: told by its name, for it is a member no more. */
function goneWith({ type, data }: AnyEvent): readonly string[] {
  switch (type) {
    case 'member.left':
      return [data.customerId];
    case 'channel.deleted':
      return data.customerIds;
    default:
      return [];
  }
}

function changesUnread(event: AnyEvent, { customerId }: Watcher): boolean {
  switch (event.type) {
    case 'message.created':
      return event.data.senderId !== customerId;
    case 'message.deleted':
      return true;
    case 'message.read':
    case 'channel.cleared':
    case 'member.joined':
      return event.data.customerId === customerId;
    default:
      return false;
  }
}

function distinct(values: ReadonlyArray<string | null>): string[] {
  return [...new Set(values)].filter((value) => value !== null);
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
