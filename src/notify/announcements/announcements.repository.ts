import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { AnnouncementRecipient } from './announcement-recipient.entity.js';
import type { Announcement } from './announcement.entity.js';
import {
  CREATE,
  FIND,
  FIND_MANY,
  FIND_RECEIVED,
  HOLD_RECIPIENTS,
  LIST_FOR,
  MARK,
  REMOVE_FOR,
} from './announcements.sql.js';

export type AnnouncementRow = Pick<Announcement, 'id' | 'senderName' | 'parts' | 'createdAt'>;

/** An announcement as one customer has it. */
export type ReceivedAnnouncement = AnnouncementRow &
  Pick<AnnouncementRecipient, 'customerId' | 'deliveredAt' | 'readAt'>;

/** With how many have it, and how many of them it has reached and who read it. */
export type CountedAnnouncement = AnnouncementRow & {
  readonly recipientCount: number;
  readonly deliveredCount: number;
  readonly readCount: number;
};

type NewRow = Pick<AnnouncementRow, 'id' | 'senderName' | 'parts'> & {
  readonly recipientIds: readonly string[];
  readonly notification: { readonly id: string; readonly content: object } | null;
};

@Injectable()
export class AnnouncementsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where one of the recipients is not there. */
  insert(tenant: Tenant, row: NewRow): Promise<AnnouncementRow | null> {
    const { id, senderName, parts, recipientIds, notification } = row;
    return this.transaction(tenant, async () => {
      if ((await this.rows(tenant, HOLD_RECIPIENTS, recipientIds)).length < recipientIds.length) {
        return null;
      }
      const content = notification && JSON.stringify(notification.content);
      const values = [id, senderName, JSON.stringify(parts), recipientIds, content, notification?.id];
      return (await this.row<AnnouncementRow>(tenant, CREATE, ...values))!;
    });
  }

  async find(tenant: Tenant, id: string): Promise<CountedAnnouncement | null> {
    return (await this.row<CountedAnnouncement>(tenant, FIND, id)) ?? null;
  }

  findMany(tenant: Tenant, ids: readonly string[]): Promise<AnnouncementRow[]> {
    return this.rows<AnnouncementRow>(tenant, FIND_MANY, ids);
  }

  findReceived(
    tenant: Tenant,
    ids: readonly string[],
    customerIds: readonly string[],
  ): Promise<ReceivedAnnouncement[]> {
    return this.rows<ReceivedAnnouncement>(tenant, FIND_RECEIVED, ids, customerIds);
  }

  listFor(tenant: Tenant, customerId: string, query: PageQuery): Promise<Page<ReceivedAnnouncement>> {
    return this.page(tenant, LIST_FOR, query, customerId);
  }

  async mark(tenant: Tenant, customerId: string, id: string, isRead: boolean): Promise<boolean> {
    return (await this.row(tenant, MARK, customerId, id, isRead)) !== undefined;
  }

  async removeFor(tenant: Tenant, customerId: string, id: string): Promise<boolean> {
    return (await this.row(tenant, REMOVE_FOR, customerId, id)) !== undefined;
  }
}
