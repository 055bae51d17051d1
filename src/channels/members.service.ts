import { Injectable } from '@nestjs/common';
import { invalid, notFound } from '../platform/common/errors/refusal.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { Database } from '../platform/database/database.js';
import type { ChannelRow } from './channel-row.js';
import { ChannelsRepository, type Keyed, type LockedChannel } from './channels.repository.js';
import { ChannelsService, UNNAMED, unknownCustomers } from './channels.service.js';
import { MembersRepository } from './members.repository.js';
import { keyOf, ownKeyOf } from './reuse-key.js';

/** How many a channel is made with at most, and so how many it may grow to. */
export const MAX_MEMBERS = 100;
const GENERAL = 'The customers of a general channel can not be changed.';

/** Nobody is in both. */
export interface MembersChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Who is in a channel. */
@Injectable()
export class MembersService {
  constructor(
    private readonly members: MembersRepository,
    private readonly channels: ChannelsRepository,
    private readonly reading: ChannelsService,
    private readonly database: Database,
  ) {}

  /** Members stay as they are. @throws Refusal 404, or 422 on `customer_uuids` */
  async add(tenant: Tenant, channelId: string, customerIds: readonly string[]): Promise<ChannelRow> {
    await this.database.transaction(tenant, async () => {
      await this.members.hold(tenant, channelId);
      const channel = await this.lockCustom(tenant, channelId, 'customer_uuids');
      const joining = newIn(channel, customerIds);
      if (joining.length > 0) {
        const all = [...channel.customerIds, ...joining];
        const next = { id: channelId, reuseKey: keyOf(channel, all) };
        await this.channels.holdKeys(tenant, [next]);
        await this.join(tenant, next, joining, all.length);
      }
    });
    return this.reading.get(tenant, channelId);
  }

  /** @throws Refusal 404, or 422 on `id` */
  remove(tenant: Tenant, channelId: string, customerId: string): Promise<void> {
    return this.database.transaction(tenant, async () => {
      const [member] = await this.members.lock(tenant, [customerId], channelId);
      const channel = await this.lockCustom(tenant, channelId, 'id');
      if (member === undefined) {
        throw notFound('customer');
      }
      await this.leave(tenant, customerId, [channel]);
    });
  }

  /**
   * Adds and removes at once. Who is in it already, or is not, stays as it is; a general channel that changes becomes a
   * custom one of its own, and its customers may have another general one.
   * @throws Refusal 404, or 422 on `customer_uuids`
   */
  async change(tenant: Tenant, channelId: string, { add, remove }: MembersChange): Promise<ChannelRow> {
    await this.database.transaction(tenant, async () => {
      await this.members.hold(tenant, channelId);
      await this.members.lock(tenant, remove, channelId);
      const [channel] = await this.channels.lock(tenant, [channelId]);
      if (!channel) {
        throw notFound('channel');
      }
      const joining = newIn(channel, add);
      const leaving = channel.customerIds.filter((id) => remove.includes(id));
      if (joining.length > 0 || leaving.length > 0) {
        const all = [...channel.customerIds.filter((id) => !leaving.includes(id)), ...joining];
        const next = changed(channel, all);
        await this.channels.holdKeys(tenant, [next]);
        await this.channels.update(tenant, next);
        await this.members.leave(tenant, leaving, [next]);
        await this.join(tenant, next, joining, all.length);
      }
    });
    return this.reading.get(tenant, channelId);
  }

  /** Whether a customer was in a channel that it is not in any more. */
  wasMember(tenant: Tenant, channelId: string, customerId: string): Promise<boolean> {
    return this.members.wasMember(tenant, channelId, customerId);
  }

  /** Takes a customer out of up to `limit` of its channels, general ones too; answers out of how many. */
  leaveSome(tenant: Tenant, customerId: string, limit: number): Promise<number> {
    return this.database.transaction(tenant, async () => {
      const ids = await this.members.lockSome(tenant, customerId, limit);
      if (ids.length > 0) {
        await this.leave(tenant, customerId, await this.channels.lock(tenant, ids));
      }
      return ids.length;
    });
  }

  private async lockCustom(tenant: Tenant, id: string, field: string): Promise<LockedChannel> {
    const [channel] = await this.channels.lock(tenant, [id]);
    if (!channel) {
      throw notFound('channel');
    }
    if (channel.type === 'general') {
      throw invalid(field, GENERAL);
    }
    return channel;
  }

  /** To be `count` in all. */
  private async join(tenant: Tenant, next: Keyed, joining: readonly string[], count: number): Promise<void> {
    if (count > MAX_MEMBERS) {
      throw invalid('customer_uuids', `A channel has at most ${MAX_MEMBERS} customers.`);
    }
    if ((await this.members.join(tenant, next, joining)) < joining.length) {
      throw unknownCustomers();
    }
  }

  private async leave(tenant: Tenant, customerId: string, channels: readonly LockedChannel[]): Promise<void> {
    const next = keysWithout(customerId, channels);
    await this.channels.holdKeys(tenant, next);
    await this.members.leave(tenant, [customerId], next);
  }
}

function newIn({ customerIds }: LockedChannel, wanted: readonly string[]): string[] {
  return [...new Set(wanted)].filter((id) => !customerIds.includes(id));
}

/** The channel with other customers. One that nobody can ask for by its name and set stays so. */
function changed(channel: LockedChannel, customerIds: readonly string[]): LockedChannel {
  const own = ownKeyOf(channel.id);
  if (channel.type === 'general') {
    return { ...channel, type: 'custom', name: UNNAMED.custom, reuseKey: own };
  }
  const isOwn = channel.reuseKey.equals(own);
  return { ...channel, reuseKey: isOwn ? own : keyOf(channel, customerIds) };
}

/**
 * The keys of channels that a customer leaves. Two that become the same can't share one. A general channel keeps its own:
 * without one of its members it is not the general channel of the others.
 */
function keysWithout(customerId: string, channels: readonly LockedChannel[]): Keyed[] {
  const taken = new Set<string>();
  return channels.map((channel) => {
    const { id, type, customerIds, reuseKey: present } = channel;
    const staying = customerIds.filter((one) => one !== customerId);
    const reuseKey = type === 'general' ? present : keyOf(channel, staying);
    const isFree = !taken.has(reuseKey.toString('hex'));
    taken.add(reuseKey.toString('hex'));
    return { id, reuseKey: isFree ? reuseKey : ownKeyOf(id) };
  });
}
