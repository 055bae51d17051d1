import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { invalid, notFound } from '../platform/common/errors/refusal.js';
import type { Page, PageQuery } from '../platform/common/pagination/page.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import type { Created } from '../customers/customers.service.js';
import { Database } from '../platform/database/database.js';
import type { ChannelRow } from './channel-row.js';
import { ChannelIdInUse } from './channel-id-in-use.js';
import { ChannelNameInUse } from './channel-name-in-use.js';
import type { ChannelType } from './channel.entity.js';
import { ChannelsRepository, type NewRow } from './channels.repository.js';
import { keyOf, ownKeyOf } from './reuse-key.js';

/** What a channel is called that nobody gave a name. */
export const UNNAMED: Readonly<Record<ChannelType, string>> = { general: 'general', custom: 'Conversation' };

export interface NewChannel {
  readonly type: ChannelType;
  /** Of a custom channel; a general one is named "general". */
  readonly name?: string;
  /** Different ones. */
  readonly customerIds: readonly string[];
  /** A UUID that whoever asks has made. */
  readonly id?: string;
  readonly metadata?: Record<string, unknown> | null;
  /** False: a channel of its own, however many there are of this type, name and set. */
  readonly isShared?: boolean;
  /** Makes it an open channel, with this customer, one of its own, as its owner. */
  readonly ownerId?: string | null;
}

/** A property that is absent stays as it is. */
export interface ChannelChange {
  readonly name?: string | null;
  /** Null: none. */
  readonly metadata?: Record<string, unknown> | null;
}

@Injectable()
export class ChannelsService {
  constructor(
    private readonly channels: ChannelsRepository,
    private readonly database: Database,
  ) {}

  /**
   * The channel of this type, name and set of customers, or the open one of this name: a new one, or the one there is, whatever
   * its id and metadata are. A hundred at once make one.
   * @throws Refusal 422 on `customer_uuids`, or ChannelIdInUse
   */
  async create(
    tenant: Tenant,
    {
      type,
      name = UNNAMED[type],
      customerIds,
      id = uuidv7(),
      metadata = null,
      isShared = true,
      ownerId = null,
    }: NewChannel,
  ): Promise<Created<ChannelRow>> {
    const reuseKey = isShared ? keyOf({ isOpen: ownerId !== null, type, name }, customerIds) : ownKeyOf(id);
    for (;;) {
      const made = await this.insert(tenant, { id, type, name, reuseKey, metadata, ownerId }, customerIds);
      if (made.known < customerIds.length) {
        throw unknownCustomers();
      }
      const isNew = made.id !== null;
      const same = isShared && !isNew ? await this.channels.findByReuseKey(tenant, reuseKey) : null;
      const row = same ?? (await this.channels.find(tenant, id, null));
      if (row && !isNew && !same) {
        throw new ChannelIdInUse(row);
      }
      // Not there: it went away, or became another, between the statements.
      if (row) {
        return { row, isNew };
      }
    }
  }

  /**
   * @param viewer the customer who asks, where it is one: it sees the channels it is in
   * @throws Refusal 404
   */
  async get(tenant: Tenant, id: string, viewer: string | null = null): Promise<ChannelRow> {
    const channel = await this.channels.find(tenant, id, viewer);
    if (!channel) {
      throw notFound('channel');
    }
    return channel;
  }

  /** Those that are there. */
  findMany(tenant: Tenant, ids: readonly string[]): Promise<ChannelRow[]> {
    return this.channels.findMany(tenant, ids);
  }

  async exists(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.channels.find(tenant, id, null)) !== null;
  }

  /** Newest first. @throws Refusal 422 on `starting_after`, as every list does */
  list(tenant: Tenant, query: PageQuery): Promise<Page<ChannelRow>> {
    return this.channels.list(tenant, query);
  }

  /** A general channel keeps its name. @throws Refusal 404, or ChannelNameInUse */
  async update(tenant: Tenant, id: string, { name, metadata }: ChannelChange): Promise<ChannelRow> {
    await this.database.transaction(tenant, async () => {
      const [channel] = await this.channels.lock(tenant, [id]);
      if (!channel) {
        throw notFound('channel');
      }
      const next = { ...channel, metadata: metadata === undefined ? channel.metadata : metadata };
      if (channel.type === 'custom' && typeof name === 'string' && name !== channel.name) {
        next.name = name;
        next.reuseKey = keyOf(next, channel.customerIds);
      }
      await this.channels.holdKeys(tenant, [next]);
      const namesake = channel.isOpen ? await this.channels.findByReuseKey(tenant, next.reuseKey) : null;
      if (namesake && namesake.id !== id) {
        throw new ChannelNameInUse(namesake);
      }
      await this.channels.update(tenant, next);
    });
    return this.get(tenant, id);
  }

  /** Where one is there, its key is let go: what comes next in the transaction may wait for who waits for that. */
  private insert(
    tenant: Tenant,
    row: NewRow,
    customerIds: readonly string[],
  ): ReturnType<ChannelsRepository['insert']> {
    return this.database.rollbackUnless(
      () => this.channels.insert(tenant, row, customerIds),
      ({ id }) => id !== null,
    );
  }
}

export function unknownCustomers(): Error {
  return invalid('customer_uuids', 'One or more customers do not exist or do not belong to this client');
}
