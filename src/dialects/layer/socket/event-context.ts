import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { CustomersService } from '../../../customers/customers.service.js';
import type { AnyEvent } from '../../../platform/outbox/event-types.js';
import type { FeedEvent } from '../../../platform/outbox/feed.js';
import { LayerConversationsService } from '../conversations/layer-conversations.service.js';
import type { ChannelObject } from '../channels/channel-object.js';
import type { Seen } from '../channels/layer-channels.repository.js';
import { LayerChannelsService } from '../channels/layer-channels.service.js';
import type { ConversationObject } from '../conversations/conversation-object.js';
import { LayerMessagesService } from '../messages/layer-messages.service.js';
import { seenBy, type SharedMessage } from '../messages/message-object.js';
import { AudienceRepository, type Acquaintance, type Mark, type Shared, type Watcher } from './audience.repository.js';
import { ANY_BASE } from './packet-body.js';

export type LayerEvent = FeedEvent & AnyEvent;
export type CustomerRow = Awaited<ReturnType<CustomersService['get']>>;

/** A batch of events may need as many queries as it has events, and the pool is everybody's. */
const MAX_PARALLEL_QUERIES = 4;

/** What is loaded at once for a batch of events of one client, for those of its customers who may see them. */
export interface EventContext {
  /** By channel. */
  readonly watchers: ReadonlyMap<string, readonly Watcher[]>;
  readonly messages: ReadonlyMap<string, SharedMessage>;
  /** By channel, as one of its watchers sees it. */
  readonly conversations: ReadonlyMap<string, ConversationObject>;
  /** The channels that Layer calls so too, deleted ones included. */
  readonly openChannels: ReadonlySet<string>;
  /** Those of them that are to be shown, by channel and viewer. */
  readonly channels: ReadonlyMap<string, ReadonlyMap<string, ChannelObject>>;
  readonly customers: ReadonlyMap<string, CustomerRow>;
  readonly acquainted: readonly Acquaintance[];
  /** Of those whose user id has changed, the channels with those who may see it. */
  readonly shared: readonly Shared[];
  /** What each mark moved, newest first. */
  readonly moved: ReadonlyMap<LayerEvent, readonly string[]>;
}

/** Loads what is needed to turn events into packets. */
@Injectable()
export class EventContextLoader {
  constructor(
    private readonly audience: AudienceRepository,
    private readonly messages: LayerMessagesService,
    private readonly conversations: LayerConversationsService,
    private readonly channels: LayerChannelsService,
    private readonly customers: CustomersService,
  ) {}

  async load(tenant: Tenant, events: readonly LayerEvent[], viewers: readonly string[]): Promise<EventContext> {
    const channelIds = distinct(events.map(({ channelId }) => channelId));
    const emptied = distinct(events.map((event) => (isEmptying(event) ? event.channelId : null)));
    const named = distinct(events.flatMap(customersIn));
    const [watchers, customers] = await Promise.all([
      this.audience.findWatchers(tenant, channelIds, viewers, emptied),
      named.length > 0 ? this.customers.findMany(tenant, named) : [],
    ]);
    const known = new Map(customers.map((row) => [row.id, row]));
    const marks = events.flatMap((event) => markOf(event) ?? []);
    const shown = distinct([
      ...events.map((event) => (event.type === 'message.created' ? event.data.id : null)),
      ...watchers.map(({ lastMessageId }) => lastMessageId),
    ]);
    const changed = distinct(events.map(toldToAcquaintances));
    const openChannels = new Set(
      distinct([
        ...watchers.map((watcher) => (watcher.isOpen ? watcher.channelId : null)),
        ...events.map((event) => (isOfOpenChannel(event) ? event.channelId : null)),
      ]),
    );
    const ofConversations = events.filter(({ channelId }) => channelId !== null && !openChannels.has(channelId));
    const wanted = new Set(
      ofConversations.flatMap((event) => (showsConversation(event, known) ? event.channelId! : [])),
    );
    const renamed = distinct(events.map((event) => (isRenaming(event) ? event.data.id : null)));
    const byChannel = groupByChannel(watchers);
    const seen = events
      .filter(({ channelId }) => openChannels.has(channelId ?? ''))
      .flatMap((event) => viewsOf(event, byChannel.get(event.channelId!) ?? [], viewers));
    const [messages, conversations, channels, acquainted, shared, moved] = await Promise.all([
      watchers.length > 0 && shown.length > 0 ? this.messages.findMany(tenant, shown, ANY_BASE) : new Map(),
      this.findConversations(tenant, watchers, wanted),
      this.channels.findSeen(tenant, seen, ANY_BASE),
      this.audience.findAcquainted(tenant, changed, viewers),
      this.audience.findShared(tenant, renamed, viewers),
      this.audience.findMoved(
        tenant,
        marks.map(([, mark]) => mark),
      ),
    ]);
    return {
      watchers: byChannel,
      messages: messages as ReadonlyMap<string, SharedMessage>,
      conversations,
      openChannels,
      channels,
      customers: known,
      acquainted,
      shared,
      moved: new Map(marks.map(([event], at) => [event, moved[at]!])),
    };
  }

  /** Each as one of its members sees it; asked for as few members as possible. */
  private async findConversations(
    tenant: Tenant,
    watchers: readonly Watcher[],
    wanted: ReadonlySet<string>,
  ): Promise<Map<string, ConversationObject>> {
    const eyes = new Map<string, string[]>();
    const left = new Set(wanted);
    for (const { channelId, customerId } of [...watchers].sort(byCustomer)) {
      if (left.delete(channelId)) {
        eyes.set(customerId, [...(eyes.get(customerId) ?? []), channelId]);
      }
    }
    const found = new Map<string, ConversationObject>();
    const waiting = [...eyes];
    while (waiting.length > 0) {
      const some = waiting
        .splice(0, MAX_PARALLEL_QUERIES)
        .map(([customerId, ids]) => this.conversations.findMany(tenant, customerId, ids, ANY_BASE));
      (await Promise.all(some)).forEach((shown) => shown.forEach((one, id) => found.set(id, one)));
    }
    return found;
  }
}

/** A conversation loaded for one member, as another member sees it. */
export function seenByWatcher(
  conversation: ConversationObject,
  { customerId, unread, lastMessageId }: Watcher,
  messages: ReadonlyMap<string, SharedMessage>,
): ConversationObject {
  const last = lastMessageId === null ? undefined : messages.get(lastMessageId);
  return { ...conversation, unread_message_count: unread, last_message: last ? seenBy(last, customerId) : null };
}

/** Whether the customer has another user id from then on. */
export function isRenaming(event: LayerEvent): event is LayerEvent & { readonly type: 'customer.updated' } {
  return event.type === 'customer.updated' && event.data.formerExternalId !== undefined;
}

/** The customer whose acquaintances have to be looked up. */
function toldToAcquaintances({ type, data }: LayerEvent): string | null {
  return type === 'customer.updated'
    ? data.id
    : type.startsWith('follow.')
      ? (data as { followedId: string }).followedId
      : null;
}

/** Events after which the last message that a member sees may not be the newest one sent. */
function isEmptying({ type }: LayerEvent): boolean {
  return ['message.deleted', 'channel.cleared', 'channel.created', 'member.joined', 'member.left'].includes(type);
}

/** Somebody is sent the whole conversation: it is new to them, or who left has been erased and has no name to send. */
function showsConversation(event: LayerEvent, customers: ReadonlyMap<string, CustomerRow>): boolean {
  return (
    event.type === 'channel.created' ||
    event.type === 'channel.updated' ||
    event.type === 'member.joined' ||
    (event.type === 'member.left' && !customers.has(event.data.customerId))
  );
}

/** Events that may come when no watcher is left to tell the kind of the channel. */
function isOfOpenChannel(event: LayerEvent): boolean {
  return (event.type === 'member.left' || event.type === 'channel.deleted') && event.data.isOpen === true;
}

/** Who is to be shown an open channel after this event; where all are told the same, one viewer is enough. */
function viewsOf(event: LayerEvent, watchers: readonly Watcher[], viewers: readonly string[]): Seen[] {
  const channelId = event.channelId!;
  switch (event.type) {
    case 'channel.created':
      return watchers.map(({ customerId }) => ({ channelId, viewerId: customerId }));
    case 'channel.updated':
      return watchers.slice(0, 1).map(({ customerId }) => ({ channelId, viewerId: customerId }));
    case 'member.joined':
    case 'member.left':
      return viewers.filter((id) => id === event.data.customerId).map((viewerId) => ({ channelId, viewerId }));
    default:
      return [];
  }
}

function customersIn(event: LayerEvent): string[] {
  switch (event.type) {
    case 'member.joined':
    case 'member.left':
    case 'message.read':
    case 'message.delivered':
      return [event.data.customerId];
    case 'customer.updated':
      return [event.data.id];
    case 'follow.created':
    case 'follow.deleted':
      return [event.data.followedId];
    default:
      return [];
  }
}

function markOf(event: LayerEvent): (readonly [LayerEvent, Mark])[] | null {
  if (event.type !== 'message.read' && event.type !== 'message.delivered') {
    return null;
  }
  const { channelId, customerId, position } = event.data;
  const kind = event.type === 'message.read' ? 'read' : 'delivered';
  return [[event, { channelId, customerId, position, kind }]];
}

function groupByChannel(watchers: readonly Watcher[]): Map<string, Watcher[]> {
  const groups = new Map<string, Watcher[]>();
  for (const watcher of watchers) {
    groups.set(watcher.channelId, [...(groups.get(watcher.channelId) ?? []), watcher]);
  }
  return groups;
}

function byCustomer(one: Watcher, other: Watcher): number {
  return one.customerId < other.customerId ? -1 : one.customerId > other.customerId ? 1 : 0;
}

function distinct(values: ReadonlyArray<string | null>): string[] {
  return [...new Set(values)].filter((value) => value !== null);
}
