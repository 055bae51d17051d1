import { Injectable } from '@nestjs/common';
import type { AnyEvent } from '../../platform/outbox/event-types.js';
import type { FeedEvent } from '../../platform/outbox/feed.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { OptOutsService, type OptOutRow } from '../opt-outs/opt-outs.service.js';
import { TextsService, type TextRow } from '../texts/texts.service.js';
import { LiveRepository, type Start } from './live.repository.js';

/** What changed of what the pages of a workspace show, as it is now; `id` is the event's. */
export type LiveChange =
  | { readonly id: string; readonly type: 'message.created' | 'message.updated'; readonly text: TextRow }
  | { readonly id: string; readonly type: 'opt_out.updated'; readonly optOut: OptOutRow };

/** More than this a page does not go through one by one. */
const MAX_MISSED = 10_000;
/** So that what is read for one page, and what waits to be sent, stays small. */
const BATCH_EVENTS = 200;

/** What happens to the texts and opt-outs of a workspace, told from its events. */
@Injectable()
export class LiveService {
  constructor(
    private readonly live: LiveRepository,
    private readonly texts: TextsService,
    private readonly optOuts: OptOutsService,
  ) {}

  /** What these events changed, in their order. */
  async changesOf(tenant: Tenant, events: readonly FeedEvent[]): Promise<LiveChange[]> {
    const shown = events as ReadonlyArray<FeedEvent & AnyEvent>;
    const [texts, optOuts] = await Promise.all([
      this.texts.findMany(tenant, distinct(shown.map(messageOf))),
      this.optOuts.findMany(tenant, distinct(shown.map(optOutOf))),
    ]);
    const [textsById, optOutsById] = [byId(texts), byId(optOuts)];
    return shown.flatMap((event): LiveChange[] => {
      const { id, type } = event;
      const text = textsById.get(messageOf(event) ?? '');
      if (text) {
        return [{ id, type: type === 'message.created' ? type : 'message.updated', text }];
      }
      const optOut = optOutsById.get(optOutOf(event) ?? '');
      return optOut ? [{ id, type: 'opt_out.updated', optOut }] : [];
    });
  }

  /**
   * What changed since this event and in the ten seconds before it, in order, some at a time; null: it is too long ago, too
   * much, or not known any more.
   */
  async missedSince(tenant: Tenant, eventId: string): Promise<AsyncIterable<readonly LiveChange[]> | null> {
    const start = await this.live.findStart(tenant, eventId, MAX_MISSED + 1);
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

function optOutOf({ type, data }: AnyEvent): string | null {
  return type === 'opt_out.created' || type === 'opt_out.ended' ? data.id : null;
}

function distinct(values: ReadonlyArray<string | null>): string[] {
  return [...new Set(values)].filter((value) => value !== null);
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
