import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { notFound } from '../../platform/common/errors/refusal.js';
import { Page, type PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CustomersService } from '../../customers/customers.service.js';
import type { StoredEvent, LoadedEvent } from './event.js';
import { EventsRepository } from './events.repository.js';

@Injectable()
export class EventsService {
  constructor(
    private readonly events: EventsRepository,
    private readonly channels: ChannelsService,
    private readonly customers: CustomersService,
  ) {}

  /** Newest first. @throws Refusal 422 on `starting_after` */
  async list(tenant: Tenant, query: PageQuery): Promise<Page<LoadedEvent>> {
    const { items, hasMore, totalCount } = await this.events.list(tenant, query);
    return new Page(await this.load(tenant, items), hasMore, totalCount);
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, id: string): Promise<LoadedEvent> {
    const event = await this.events.find(tenant, id);
    if (!event) {
      throw notFound('event');
    }
    return (await this.load(tenant, [event]))[0]!;
  }

  /** Events with the rows they are about: one query per kind, however many there are. */
  async load(tenant: Tenant, events: readonly StoredEvent[]): Promise<LoadedEvent[]> {
    const [channels, customers] = await Promise.all([
      this.channels.findMany(tenant, idsOf(events, 'channel.')),
      this.customers.findMany(tenant, idsOf(events, 'customer.')),
    ]);
    const channelOf = byId(channels);
    const customerOf = byId(customers);
    return events.map((event) => ({
      event,
      channel: channelOf.get(idOf(event)) ?? null,
      customer: customerOf.get(idOf(event)) ?? null,
    }));
  }
}

function idsOf(events: readonly StoredEvent[], kind: 'channel.' | 'customer.'): string[] {
  return [...new Set(events.filter(({ type }) => type.startsWith(kind)).map(idOf))];
}

/** The id of the row an event is about, where it has one. */
function idOf({ data }: StoredEvent): string {
  return 'id' in data ? data.id : '';
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
