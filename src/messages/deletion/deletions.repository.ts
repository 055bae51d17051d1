import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { DELETE, HIDE, HOLD, LOCK_CHANNEL, LOCK_MEMBER, LOCK_MEMBERS, LOCK_SENDER } from './deletions.sql.js';
import type { Message } from '../message.entity.js';

export type DeletedMessage = Pick<Message, 'channelId' | 'senderId' | 'parts'>;

/** Locking and counting are two statements: the second sees what committed while the first waited. */
@Injectable()
export class DeletionsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** What it was; null where there was no such message. */
  deleteForAll(tenant: Tenant, id: string): Promise<DeletedMessage | null> {
    return this.transaction(tenant, async () => {
      const place = await this.row<DeletedMessage & Record<string, unknown>>(tenant, HOLD, id);
      if (!place) {
        return null;
      }
      await this.rows(tenant, LOCK_MEMBERS, place.channelId);
      await this.rows(tenant, LOCK_CHANNEL, place.channelId);
      await this.rows(tenant, LOCK_SENDER, place.senderId);
      return (await this.row(tenant, DELETE, id)) ? place : null;
    });
  }

  /** Once, however often it is asked for. */
  hide(
    tenant: Tenant,
    { id, channelId }: Pick<Message, 'id' | 'channelId'>,
    customerId: string,
  ): Promise<'hidden' | 'no member' | 'no message'> {
    return this.transaction(tenant, async () => {
      if (!(await this.row(tenant, LOCK_MEMBER, channelId, customerId))) {
        return 'no member';
      }
      return (await this.row(tenant, HIDE, id, customerId)) ? 'hidden' : 'no message';
    });
  }
}
