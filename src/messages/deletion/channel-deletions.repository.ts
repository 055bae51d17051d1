import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import {
  CLEAR,
  COUNT,
  DELETE,
  HOLD,
  HOLD_KEY,
  LOCK_CHANNEL,
  LOCK_CUSTOMERS,
  LOCK_MEMBERS,
} from './channel-deletions.sql.js';
import { LOCK_MEMBER } from './deletions.sql.js';

/** Locking and counting are two statements: the second sees what committed while the first waited. */
@Injectable()
export class ChannelDeletionsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Before it is deleted, in the same transaction. Whether there is such a channel. */
  async hold(tenant: Tenant, id: string): Promise<boolean> {
    if (!(await this.row(tenant, HOLD, id))) {
      return false;
    }
    await this.rows(tenant, LOCK_MEMBERS, id);
    return (await this.row(tenant, LOCK_CHANNEL, id)) !== undefined;
  }

  /** A channel that is held. */
  async deleteForAll(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, HOLD_KEY, id);
    await this.row(tenant, COUNT, id);
    await this.rows(tenant, LOCK_CUSTOMERS, id);
    await this.row(tenant, DELETE, id);
  }

  /** Whether the customer is in the channel. */
  clear(tenant: Tenant, channelId: string, customerId: string): Promise<boolean> {
    return this.transaction(tenant, async () => {
      if (!(await this.row(tenant, LOCK_MEMBER, channelId, customerId))) {
        return false;
      }
      await this.row(tenant, CLEAR, channelId, customerId);
      return true;
    });
  }
}
