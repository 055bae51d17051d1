import { Injectable } from '@nestjs/common';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { Database } from '../platform/database/database.js';
import { TenantRepository } from '../platform/database/tenant.repository.js';
import type { Keyed } from './channels.repository.js';
import { FIND_FORMER, HOLD, JOIN, LEAVE, LOCK, LOCK_SOME } from './members.sql.js';

/** Each method is a step of a transaction that the service runs. */
@Injectable()
export class MembersRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Before members are added to a channel: keeps others from that, and from deleting a message for all of them. */
  async hold(tenant: Tenant, channelId: string): Promise<void> {
    await this.row(tenant, HOLD, channelId);
  }

  /** Those of the customers that are in the channel, where they stay until the commit. */
  async lock(tenant: Tenant, customerIds: readonly string[], channelId: string): Promise<string[]> {
    const rows = await this.rows<{ customerId: string }>(tenant, LOCK, customerIds, channelId);
    return rows.map(({ customerId }) => customerId);
  }

  /** Up to `limit` channels of a customer, which is now held in each. */
  async lockSome(tenant: Tenant, customerId: string, limit: number): Promise<string[]> {
    const rows = await this.rows<{ channelId: string }>(tenant, LOCK_SOME, customerId, limit);
    return rows.map(({ channelId }) => channelId);
  }

  /** Answers how many joined: the others are not this client's. */
  async join(tenant: Tenant, { id, reuseKey }: Keyed, customerIds: readonly string[]): Promise<number> {
    return (await this.row<{ joined: number }>(tenant, JOIN, id, customerIds, reuseKey))!.joined;
  }

  /** Each of the customers out of each of the channels. */
  async leave(tenant: Tenant, customerIds: readonly string[], channels: readonly Keyed[]): Promise<void> {
    const ids = channels.map(({ id }) => id);
    await this.row(
      tenant,
      LEAVE,
      customerIds,
      ids,
      channels.map(({ reuseKey }) => reuseKey),
    );
  }

  /** Whether the customer was in the channel and is not any more. */
  async wasMember(tenant: Tenant, channelId: string, customerId: string): Promise<boolean> {
    return (await this.row(tenant, FIND_FORMER, channelId, customerId)) !== undefined;
  }
}
