import { Injectable } from '@nestjs/common';
import { invalid, notFound } from '../common/errors/refusal.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { Database } from '../database/database.js';
import type { ChannelRow } from './channel-row.js';
import { ChannelsRepository, type Keyed, type LockedChannel } from './channels.repository.js';
import { ChannelsService, unknownCustomers } from './channels.service.js';
import { MembersRepository } from './members.repository.js';
import { ownKeyOf, reuseKeyOf } from './reuse-key.js';

/** How many a channel is made with at most, and so how many it may grow to. */
const MAX_MEMBERS = 100;
const GENERAL = 'The customers of a general channel can not be changed.';

/** Who is in a custom channel. */
@Injectable()
export class MembersService {
  constructor(
    private readonly members: MembersRepository,
    private readonly channels: ChannelsRepository,
    private readonly reading: ChannelsService,
    private readonly database: Database,
  ) {}

  /** Who is in it already stays as it is. @throws Refusal 404, or 422 on `customer_uuids` */
  async add(tenant: Tenant, channelId: string, customerIds: readonly string[]): Promise<ChannelRow> {
    await this.database.transaction(async () => {
      await this.members.hold(tenant, channelId);
      const channel = await this.lockCustom(tenant, channelId, 'customer_uuids');
      const joining = [...new Set(customerIds)].filter((id) => !channel.customerIds.includes(id));
      const all = [...channel.customerIds, ...joining];
      if (joining.length === 0) {
        return;
      }
      if (all.length > MAX_MEMBERS) {
        throw invalid('customer_uuids', `A channel has at most ${MAX_MEMBERS} customers.`);
      }
      const next = { id: channelId, reuseKey: reuseKeyOf('custom', channel.name, all) };
      await this.channels.holdKeys(tenant, [next]);
      if ((await this.members.join(tenant, next, joining)) < joining.length) {
        throw unknownCustomers();
      }
    });
    return this.reading.get(tenant, channelId);
  }

  /** @throws Refusal 404, or 422 on `id` */
  remove(tenant: Tenant, channelId: string, customerId: string): Promise<void> {
    return this.database.transaction(async () => {
      const isMember = await this.members.lock(tenant, customerId, channelId);
      const channel = await this.lockCustom(tenant, channelId, 'id');
      if (!isMember) {
        throw notFound('customer');
      }
      await this.leave(tenant, customerId, [channel]);
    });
  }

  /** Takes a customer out of up to `limit` of its channels, general ones too; answers out of how many. */
  leaveSome(tenant: Tenant, customerId: string, limit: number): Promise<number> {
    return this.database.transaction(async () => {
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

  private async leave(tenant: Tenant, customerId: string, channels: readonly LockedChannel[]): Promise<void> {
    const next = keysWithout(customerId, channels);
    await this.channels.holdKeys(tenant, next);
    await this.members.leave(tenant, customerId, next);
  }
}

/**
 * The keys of channels that a customer leaves. Two that become the same can't share one. A general channel keeps its own:
 * without one of its members it is not the general channel of the others.
 */
function keysWithout(customerId: string, channels: readonly LockedChannel[]): Keyed[] {
  const taken = new Set<string>();
  return channels.map(({ id, type, name, customerIds, reuseKey: present }) => {
    const staying = customerIds.filter((one) => one !== customerId);
    const reuseKey = type === 'general' ? present : reuseKeyOf(type, name, staying);
    const isFree = !taken.has(reuseKey.toString('hex'));
    taken.add(reuseKey.toString('hex'));
    return { id, reuseKey: isFree ? reuseKey : ownKeyOf(id) };
  });
}
