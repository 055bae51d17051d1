import { Injectable } from '@nestjs/common';
import type { AnyEvent } from '../../platform/outbox/event-types.js';
import type { FeedEvent } from '../../platform/outbox/feed.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import {
  AddressConversationsService,
  type ConversationRow,
  type SaidRow,
} from '../conversations/address-conversations.service.js';
import { OptOutsService, type OptOutRow } from '../opt-outs/opt-outs.service.js';
import { LiveRepository, type Start } from './live.repository.js';
import { conversationIdOf, eventIdOf } from './told-id.js';

/** What changed of what the pages of a workspace show, as it is now. */
export type LiveChange =
  | { readonly id: string; readonly type: 'message.created' | 'message.updated'; readonly said: SaidRow }
  | { readonly id: string; readonly type: 'conversation.updated'; readonly conversation: ConversationRow }
  | { readonly id: string; readonly type: 'opt_out.updated'; readonly optOut: OptOutRow };

type ShownEvent = FeedEvent & AnyEvent;

/** More than this a page does not go through one by one. */
const MAX_MISSED = 10_000;
/** So that what is read for one page, and what waits to be sent, stays small. */
const BATCH_EVENTS = 200;

/** What happens to the messages, conversations and opt-outs of a workspace, told from its events. */
@Injectable()
export class LiveService {
  constructor(
    private readonly live: LiveRepository,
    private readonly conversations: AddressConversationsService,
    private readonly optOuts: OptOutsService,
  ) {}

  /** What these events changed, in their order; of each conversation once, where the last of its events is. */
  async changesOf(tenant: Tenant, events: readonly FeedEvent[]): Promise<LiveChange[]> {
    const shown = events as readonly ShownEvent[];
    const [said, conversations, optOuts] = await Promise.all([
      this.conversations.findSaid(tenant, distinct(shown.map(messageOf))),
      this.conversations.findMany(tenant, distinct(shown.map(conversationOf))),
      this.optOuts.findMany(tenant, distinct(shown.map(optOutOf))),
    ]);
    const [saidById, conversationsById, optOutsById] = [byId(said), byId(conversations), byId(optOuts)];
    const lastOf = new Map<ConversationRow, ShownEvent>();
    for (const event of shown) {
      const conversation = conversationsById.get(conversationOf(event) ?? '');
      if (conversation && (event.type !== 'message.read' || event.data.customerId === conversation.addressId)) {
        lastOf.set(conversation, event);
      }
    }
    return shown.flatMap((event): LiveChange[] => {
      const { id, type } = event;
      const message = saidById.get(messageOf(event) ?? '');
      const conversation = conversationsById.get(conversationOf(event) ?? '');
      const optOut = optOutsById.get(optOutOf(event) ?? '');
      return [
        ...(message
          ? [{ id, type: type === 'message.created' ? type : 'message.updated', said: message } as const]
          : []),
        ...(conversation && lastOf.get(conversation) === event
          ? [{ id: conversationIdOf(id), type: 'conversation.updated', conversation } as const]
          : []),
        ...(optOut ? [{ id, type: 'opt_out.updated', optOut } as const] : []),
      ];
    });
  }

  /**
   * What changed since this was told and in the ten seconds before it, in order, some at a time; null: it is too long ago, too
   * much, or not known any more.
   */
  async missedSince(tenant: Tenant, toldId: string): Promise<AsyncIterable<readonly LiveChange[]> | null> {
    const start = await this.live.findStart(tenant, eventIdOf(toldId), MAX_MISSED + 1);
    return start === null || start.missed > MAX_MISSED ? null : this.read(tenant, start);
  }

  private async *read(tenant: Tenant, start: Start): AsyncIterable<readonly LiveChange[]> {
    for (let from: Start | null = start; from !== null;) {
      const events = await this.live.readMissed(tenant, from, BATCH_EVENTS);
      yield await this.changesOf(tenant, events);
      const last = events.at(-1);
      from = last && events.length === BATCH_EVENTS ? { ...start, after: String(last.seq) } : null;
    }
  }
}

/** The message that an event is about, where pages show that. */
function messageOf({ type, data }: AnyEvent): string | null {
  switch (type) {
    case 'message.created':
    case 'delivery.updated':
      return data.id;
    case 'message.deleted':
      return data.mode === 'all_participants' ? data.id : null;
    default:
      return null;
  }
}

/** The channel in which it happened, where that may change how its conversation is shown. */
function conversationOf(event: ShownEvent): string | null {
  const isShown = messageOf(event) !== null || event.type === 'message.read' || event.type === 'conversation.updated';
  return isShown ? event.channelId : null;
}

function optOutOf({ type, data }: AnyEvent): string | null {
  return type === 'opt_out.created' || type === 'opt_out.ended' ? data.id : null;
}

function distinct(values: ReadonlyArray<string | null>): string[] {
  return [...new Set(values)].filter((value) => value !== null);
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
