import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { invalid, notFound } from '../../platform/common/errors/refusal.js';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { NewNotification } from '../../messages/notification.entity.js';
import { composeParts, type NewPart } from '../../messages/parts.js';
import {
  AnnouncementsRepository,
  type AnnouncementRow,
  type CountedAnnouncement,
  type ReceivedAnnouncement,
} from './announcements.repository.js';

export type { AnnouncementRow, CountedAnnouncement, ReceivedAnnouncement };

export interface NewAnnouncement {
  readonly recipientIds: readonly string[];
  /** Who is shown as its sender. */
  readonly senderName: string;
  /** Without files: those are for the members of a channel. */
  readonly parts: readonly NewPart[];
  /** What the devices of recipients without a socket are told; absent, nothing. */
  readonly notification?: NewNotification | null;
}

/** Messages from a client to many customers, each of whom sees only its own copy. */
@Injectable()
export class AnnouncementsService {
  constructor(private readonly announcements: AnnouncementsRepository) {}

  /** @throws Refusal 422 on `parts` or `recipient_uuids` */
  async create(tenant: Tenant, announcement: NewAnnouncement): Promise<CountedAnnouncement> {
    const { senderName, notification } = announcement;
    const recipientIds = [...new Set(announcement.recipientIds)];
    const row = await this.announcements.insert(tenant, {
      id: uuidv7(),
      senderName,
      parts: composeParts(announcement.parts, noFile),
      recipientIds,
      notification: notification ? { id: uuidv7(), content: notification } : null,
    });
    if (!row) {
      throw invalid('recipient_uuids', 'One or more customers do not exist or do not belong to this client');
    }
    return { ...row, recipientCount: recipientIds.length, deliveredCount: 0, readCount: 0 };
  }

  /** For the client itself. @throws Refusal 404 */
  async get(tenant: Tenant, id: string): Promise<CountedAnnouncement> {
    const announcement = await this.announcements.find(tenant, id);
    if (!announcement) {
      throw notFound('announcement');
    }
    return announcement;
  }

  /** Those that are there, whoever has them. */
  findMany(tenant: Tenant, ids: readonly string[]): Promise<AnnouncementRow[]> {
    return this.announcements.findMany(tenant, ids);
  }

  /** Those of `ids` as each of these customers has them: a row for each that has one. */
  findReceived(
    tenant: Tenant,
    ids: readonly string[],
    customerIds: readonly string[],
  ): Promise<ReceivedAnnouncement[]> {
    return this.announcements.findReceived(tenant, ids, customerIds);
  }

  /** As this customer has it. @throws Refusal 404 */
  async getFor(tenant: Tenant, customerId: string, id: string): Promise<ReceivedAnnouncement> {
    const [announcement] = await this.announcements.findReceived(tenant, [id], [customerId]);
    if (!announcement) {
      throw notFound('announcement');
    }
    return announcement;
  }

  /** Newest first. @throws Refusal 422 on `starting_after` */
  listFor(tenant: Tenant, customerId: string, query: PageQuery): Promise<Page<ReceivedAnnouncement>> {
    return this.announcements.listFor(tenant, customerId, query);
  }

  /** What was read stays read. @throws Refusal 404 */
  async mark(tenant: Tenant, customerId: string, id: string, as: 'read' | 'delivery'): Promise<void> {
    if (!(await this.announcements.mark(tenant, customerId, id, as === 'read'))) {
      throw notFound('announcement');
    }
  }

  /** From this customer's devices only. @throws Refusal 404 */
  async deleteFor(tenant: Tenant, customerId: string, id: string): Promise<void> {
    if (!(await this.announcements.removeFor(tenant, customerId, id))) {
      throw notFound('announcement');
    }
  }
}

function noFile(): undefined {
  return undefined;
}
