import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { EventData } from '../../../platform/outbox/event-types.js';
import { presentBasicIdentity, presentIdentity, userIdOf } from '../identity.presenter.js';
import { identityUri, layerUri } from '../layer-id.js';
import { seenBy } from '../messages/message-object.js';
import { changesUnread } from '../../../notify/realtime/unread.js';
import { AnnouncementChanges } from './announcement-changes.js';
import type { Watcher } from './audience.repository.js';
import { channelChangesOf, renamedInChannels } from './channel-changes.js';
import { identityPatch } from './identity-patch.js';
import { messageCreated, type Telling } from './new-messages.js';
import { ANY_BASE, type PacketBody } from './packet-body.js';
import * as say from './packets.js';
import type { Packet, PatchOperation } from './packets.js';
import {
  EventContextLoader,
  seenByWatcher,
  type CustomerRow,
  type LayerEvent,
  type EventContext,
} from './event-context.js';

/** Of one receipt that covers many messages, so many changes of status are sent one by one. */
const MAX_STATUS_CHANGES = 100;

/** Turns events into packets. */
@Injectable()
export class Changes {
  constructor(
    private readonly contexts: EventContextLoader,
    private readonly announcements: AnnouncementChanges,
  ) {}

  /** In the order of the events. @param viewers the customers connected here */
  async of(tenant: Tenant, events: readonly LayerEvent[], viewers: readonly string[]): Promise<Packet[]> {
    const context = await this.contexts.load(tenant, events, viewers);
    const announced = await this.announcements.of(tenant, events, viewers);
    const here = new Set(viewers);
    const packets = events.flatMap((event) => [
      ...changesOf(event, context, here).map(({ body, to, type = 'change' }) => ({ seq: event.seq, type, body, to })),
      ...(announced.get(event) ?? []),
    ]);
    return [...packets, ...summaries(events, context)].filter(({ to }) => to.length > 0);
  }
}

function changesOf(event: LayerEvent, context: EventContext, here: ReadonlySet<string>): Telling[] {
  const watchers = context.watchers.get(event.channelId ?? '') ?? [];
  const members = watchers.map(({ customerId }) => customerId);
  if (context.openChannels.has(event.channelId ?? '') && !event.type.startsWith('message.')) {
    return channelChangesOf(event, members, context, here);
  }
  switch (event.type) {
    case 'message.created':
      return messageCreated(event.data, members, context);
    case 'message.deleted': {
      const { id, mode, customerId } = event.data;
      const to = mode === 'all_participants' ? members : members.filter((one) => one === customerId);
      return [{ body: say.deleted('Message', layerUri('messages', id), mode), to }];
    }
    case 'message.read':
    case 'message.delivered':
      return marked(event, members, context);
    case 'channel.created':
      return conversationShown(event.data.id, watchers, context);
    case 'channel.updated':
      return conversationUpdated(event.data.id, members, context);
    case 'channel.deleted': {
      const body = say.deleted('Conversation', layerUri('conversations', event.data.id), 'all_participants');
      return [{ body, to: event.data.customerIds.filter((one) => here.has(one)) }];
    }
    case 'channel.cleared': {
      const { id, position, customerId } = event.data;
      const body = say.deleted('Conversation', layerUri('conversations', id), 'my_devices', position);
      return [{ body, to: members.filter((one) => one === customerId) }];
    }
    case 'member.joined':
      return joined(event.data, watchers, context);
    case 'member.left':
      return left(event.data, watchers, context, here);
    case 'customer.updated':
      return customerUpdated(event.data, context, here);
    case 'follow.created':
    case 'follow.deleted':
      return followed(event.data, context, here);
    default:
      return [];
  }
}

/** The oldest first; where there are more than are sent one by one, all at once as well. */
function marked(
  event: Extract<LayerEvent, { readonly type: 'message.read' | 'message.delivered' }>,
  to: readonly string[],
  { customers, moved, openChannels }: EventContext,
): Telling[] {
  const row = customers.get(event.data.customerId);
  const messages = moved.get(event) ?? [];
  if (!row || to.length === 0) {
    return [];
  }
  const identity = identityUri(userIdOf(row));
  const status = event.type === 'message.read' ? 'read' : 'delivered';
  // The SDKs know this operation for conversations only.
  const isMore = status === 'read' && messages.length > MAX_STATUS_CHANGES && !openChannels.has(event.data.channelId);
  return [
    ...(isMore
      ? [{ type: 'operation', body: say.allRead(event.data.channelId, event.data.position, identity), to } as const]
      : []),
    ...messages
      .slice(0, MAX_STATUS_CHANGES)
      .reverse()
      .map((id) => ({
        body: say.updated('Message', layerUri('messages', id), [say.setStatus(identity, status)]),
        to,
      })),
  ];
}

function conversationShown(id: string, watchers: readonly Watcher[], context: EventContext): Telling[] {
  const conversation = context.conversations.get(id);
  return conversation
    ? watchers.map((watcher) => ({
        body: say.created('Conversation', seenByWatcher(conversation, watcher, context.messages)),
        to: [watcher.customerId],
      }))
    : [];
}

/** The event does not say which of them changed, so both are sent. */
function conversationUpdated(id: string, to: readonly string[], { conversations }: EventContext): Telling[] {
  const conversation = conversations.get(id);
  const operations = conversation && [
    say.set('metadata', conversation.metadata),
    say.set('distinct', conversation.distinct),
  ];
  return operations ? [{ body: say.updated('Conversation', conversation.id, operations), to }] : [];
}

interface Membership {
  readonly channelId: string;
  readonly customerId: string;
}

function joined({ channelId, customerId }: Membership, watchers: readonly Watcher[], context: EventContext): Telling[] {
  const row = context.customers.get(customerId);
  const others = watchers.filter((one) => one.customerId !== customerId).map((one) => one.customerId);
  return [
    ...conversationShown(
      channelId,
      watchers.filter((one) => one.customerId === customerId),
      context,
    ),
    ...(row ? [{ body: participants(channelId, say.participant('add', identityOf(row))), to: others }] : []),
  ];
}

/** To whoever left, the conversation is gone, unless it has come back since. */
function left(
  { channelId, customerId }: Membership,
  watchers: readonly Watcher[],
  context: EventContext,
  here: ReadonlySet<string>,
): Telling[] {
  const row = context.customers.get(customerId);
  const isBack = watchers.some((one) => one.customerId === customerId);
  const others = watchers.filter((one) => one.customerId !== customerId);
  const gone = say.deleted('Conversation', layerUri('conversations', channelId), 'my_devices');
  return [
    { body: gone, to: here.has(customerId) && !isBack ? [customerId] : [] },
    ...(row
      ? [
          {
            body: participants(channelId, say.participant('remove', identityOf(row))),
            to: others.map((one) => one.customerId),
          },
        ]
      : // Erased since, so there is no name to send: the rest are sent the conversation as it is now.
        conversationShown(channelId, others, context)),
  ];
}

function customerUpdated(
  { id, formerExternalId }: EventData['customer.updated'],
  { customers, acquainted, shared }: EventContext,
  here: ReadonlySet<string>,
): Telling[] {
  const row = customers.get(id);
  const viewers = acquainted.filter((one) => one.customerId === id).map(({ viewerId }) => viewerId);
  const to = [...new Set([...(here.has(id) ? [id] : []), ...viewers])];
  if (!row) {
    return [];
  }
  if (formerExternalId === undefined) {
    return [{ body: say.updated('Identity', identityOf(row).id, identityPatch(row)), to }];
  }
  const former = { ...row, externalId: formerExternalId };
  return [
    { body: say.created('Identity', presentIdentity(ANY_BASE, row)), to },
    ...renamed(former, row, shared),
    ...renamedInChannels(former, row, shared),
  ];
}

/** A new user id makes a new identity, which takes the place of the former one as a participant. */
function renamed(former: CustomerRow, row: CustomerRow, shared: EventContext['shared']): Telling[] {
  const operations = [say.participant('remove', identityOf(former)), say.participant('add', identityOf(row))];
  const byChannel = new Map<string, string[]>();
  for (const { customerId, channelId, viewerId, isOpen } of shared) {
    if (customerId === row.id && !isOpen) {
      byChannel.set(channelId, [...(byChannel.get(channelId) ?? []), viewerId]);
    }
  }
  return [...byChannel].map(([channelId, to]) => ({
    body: say.updated('Conversation', layerUri('conversations', channelId), operations),
    to,
  }));
}

/** The whole identity to who may see it now, a deletion to who may not any more. */
function followed(
  { customerId, followedId }: EventData['follow.created'],
  { customers, acquainted }: EventContext,
  here: ReadonlySet<string>,
): Telling[] {
  const row = customers.get(followedId);
  if (!row || !here.has(customerId)) {
    return [];
  }
  const isKnown = acquainted.some((one) => one.customerId === followedId && one.viewerId === customerId);
  const identity = presentIdentity(ANY_BASE, row);
  const body = isKnown ? say.created('Identity', identity) : say.deleted('Identity', identity.id, 'my_devices');
  return [{ body, to: [customerId] }];
}

function participants(channelId: string, operation: PatchOperation): PacketBody {
  return say.updated('Conversation', layerUri('conversations', channelId), [operation]);
}

function identityOf(row: CustomerRow): ReturnType<typeof presentBasicIdentity> {
  return presentBasicIdentity(ANY_BASE, row);
}

/**
 * One change for each conversation of the batch and each of its members here: last message and unread count as they are
 * now.
 */
function summaries(events: readonly LayerEvent[], { watchers, messages, openChannels }: EventContext): Packet[] {
  const channels = new Map<string, LayerEvent[]>();
  for (const event of events) {
    if (event.channelId !== null && COUNTING.has(event.type) && !openChannels.has(event.channelId)) {
      channels.set(event.channelId, [...(channels.get(event.channelId) ?? []), event]);
    }
  }
  return [...channels].flatMap(([channelId, all]) => {
    const said = all
      .flatMap((event) => (event.type === 'message.created' ? event.data.id : []))
      .filter((id) => messages.has(id));
    const isEmptied = all.some(({ type }) => type === 'message.deleted' || type === 'channel.cleared');
    const id = layerUri('conversations', channelId);
    return (watchers.get(channelId) ?? []).flatMap((watcher) => {
      const lastId = isEmptied ? watcher.lastMessageId : said.at(-1);
      const operations = [
        ...(lastId === undefined ? [] : [lastMessage(lastId, isEmptied ? watcher : null, messages)]),
        ...(all.some((event) => changesUnread(event, watcher.customerId))
          ? [say.set('unread_message_count', watcher.unread)]
          : []),
      ];
      return operations.length > 0
        ? [
            {
              seq: all.at(-1)!.seq,
              type: 'change' as const,
              body: say.updated('Conversation', id, operations),
              to: [watcher.customerId],
            },
          ]
        : [];
    });
  });
}

/** After these a summary follows. Who joins is shown the whole conversation instead, with what is unread in it. */
const COUNTING = new Set(['message.created', 'message.deleted', 'message.read', 'channel.cleared']);

/** @param watcher given where its app may not have the message yet, which is then sent along */
function lastMessage(id: string | null, watcher: Watcher | null, messages: EventContext['messages']): PatchOperation {
  const shared = id === null ? undefined : messages.get(id);
  if (!shared) {
    return say.set('last_message', null);
  }
  const value = watcher ? { value: seenBy(shared, watcher.customerId) } : {};
  return { operation: 'set', property: 'last_message', id: layerUri('messages', id!), ...value };
}
