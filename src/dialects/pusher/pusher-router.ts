import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import type { KnownClient } from '../../clients/clients.service.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { CustomersService } from '../../customers/customers.service.js';
import { channelRoom, clientRoom, customerRoom, inboxRoom } from './channel-name.js';
import { FurtherEvents } from '../../notify/events/further-events.js';
import { Connections } from '../../notify/realtime/connections.js';
import { loadPatiently, routeByClient } from '../../notify/realtime/event-batches.js';
import { changesUnread } from '../../notify/realtime/unread.js';
import { presentEvent, type Rows } from './event.presenter.js';
import type { AnyEvent } from '../../platform/outbox/event-types.js';
import { Feed, type FeedEvent } from '../../platform/outbox/feed.js';
import { PusherFrame } from './pusher-frame.js';
import { PusherRepository, type Watcher } from './pusher.repository.js';
import { PusherRooms } from './pusher-rooms.js';
import { Subscriptions } from './subscriptions.js';

/**
 * After so many events the event loop has a turn: frames of a long batch, all written at once, would fill every
 * socket's buffer.
 */
const EVENTS_PER_TURN = 32;

/** What is asked of the database about the events of one client, all at once. */
interface EventContext {
  readonly rows: Rows;
  readonly watchers: readonly Watcher[];
  /** What the events of modules above are about, by the event. */
  readonly further: ReadonlyMap<string, object>;
}

/** Takes each event, once it is committed, to the sockets here that may hear of it. */
@Injectable()
export class PusherRouter {
  private readonly logger = new Logger('Router');

  constructor(
    feed: Feed,
    private readonly rooms: PusherRooms,
    private readonly repository: PusherRepository,
    private readonly channels: ChannelsService,
    private readonly customers: CustomersService,
    private readonly subscriptions: Subscriptions,
    private readonly connections: Connections,
    private readonly further: FurtherEvents,
  ) {
    feed.onEvents((events) => routeByClient(events, (clientId, own) => this.routeFor(clientId, own)));
  }

  /** Where events can't be sent the sockets are closed: their apps connect again and ask for what they missed. */
  private async routeFor(clientId: string, events: readonly FeedEvent[]): Promise<void> {
    const client = this.rooms.clientOf(clientId);
    if (!client) {
      return;
    }
    try {
      await this.deliver(client, events, await loadPatiently(() => this.loadContext(client, events), this.logger));
    } catch (error) {
      this.logger.error(`Events could not be delivered: ${(error as Error).message}`);
      this.connections.endAllOf(clientId, 'goingDown', 'Please catch up');
    }
  }

  private async loadContext(client: KnownClient, events: readonly FeedEvent[]): Promise<EventContext> {
    const channelIds = distinct(events.map(({ channelId }) => channelId));
    const named = (kind: 'channel' | 'customer'): string[] =>
      distinct(
        (events as ReadonlyArray<FeedEvent & AnyEvent>).map(({ type, data }) =>
          type === `${kind}.created` || type === `${kind}.updated` ? (data as { id: string }).id : null,
        ),
      );
    const [watchers, channelRows, customerRows, further] = await Promise.all([
      this.findWatchers(client, channelIds),
      this.channels.findMany(client, named('channel')),
      this.customers.findMany(client, named('customer')),
      this.further.present(client, this.isForTeam(client.clientId) ? events : []),
    ]);
    return { rows: { channels: byId(channelRows), customers: byId(customerRows) }, watchers, further };
  }

  /** Whether anybody here may hear of the events of modules above. */
  private isForTeam(clientId: string): boolean {
    return [inboxRoom, clientRoom].some((room) => this.rooms.socketsIn(clientId, room).length > 0);
  }

  /** First who is in the channels, which are few; so it costs the same however many customers are connected. */
  private async findWatchers(client: KnownClient, channelIds: readonly string[]): Promise<readonly Watcher[]> {
    if (channelIds.length === 0 || !this.rooms.hasCustomers(client.clientId)) {
      return [];
    }
    const members = await this.repository.findMembers(client, channelIds);
    const here = this.rooms.customersAmong(client.clientId, members);
    return here.length === 0 ? [] : this.repository.findWatchers(client, channelIds, here);
  }

  private async deliver(client: KnownClient, events: readonly FeedEvent[], context: EventContext): Promise<void> {
    const { clientId } = client;
    const unread = new Set<Watcher>();
    for (const [at, event] of (events as ReadonlyArray<FeedEvent & AnyEvent>).entries()) {
      if (at % EVENTS_PER_TURN === EVENTS_PER_TURN - 1) {
        await nextTurn();
      }
      const further = context.further.get(event.id);
      if (further) {
        this.publishFurther(clientId, new PusherFrame(event.type, further));
        continue;
      }
      const watchers = context.watchers.filter((one) => concerns(event, one));
      watchers.filter((one) => changesUnread(event, one.customerId)).forEach((one) => unread.add(one));
      const frame = presentEvent(client, event, context.rows);
      if (!frame) {
        continue;
      }
      if (event.channelId !== null && isForChannel(event)) {
        this.rooms.publish(clientId, channelRoom(event.channelId), frame);
      }
      watchers.forEach(({ customerId }) => this.rooms.publish(clientId, customerRoom(customerId), frame));
      this.rooms.publish(clientId, clientRoom, frame);
      for (const customerId of formerMembersIn(event)) {
        this.rooms.publish(clientId, customerRoom(customerId), frame);
        this.subscriptions.evict(clientId, event.channelId!, customerId);
      }
    }
    for (const { channelId, customerId, unread: count, totalUnread } of unread) {
      const data = { channel_id: formatId('channel', channelId), unread_count: count, total_unread: totalUnread };
      this.rooms.publish(clientId, customerRoom(customerId), new PusherFrame('unread.changed', data));
    }
  }

  /** To nobody but those who may ask for the same: users of the workspace, and keys with every scope. */
  private publishFurther(clientId: string, frame: PusherFrame): void {
    this.rooms.publish(clientId, inboxRoom, frame);
    const keys = this.rooms.socketsIn(clientId, clientRoom).filter(({ seesAll }) => seesAll);
    keys.forEach((socket) => socket.sendFrame(frame.frameFor(clientRoom)));
  }
}

/**
 * All that happens in a channel, but for what one customer did for itself and for what nobody can have subscribed to.
 */
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
      // formerMembersIn() names who left; a watcher by that id has joined again, and would be sent it twice.
      return event.data.customerId !== customerId;
    default:
      return true;
  }
}

/** Who was a member until this event, and so is not among the watchers. */
function formerMembersIn({ type, data }: AnyEvent): readonly string[] {
  switch (type) {
    case 'member.left':
      return [data.customerId];
    case 'channel.deleted':
      return data.customerIds;
    default:
      return [];
  }
}

function distinct(values: ReadonlyArray<string | null>): string[] {
  return [...new Set(values)].filter((value) => value !== null);
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
