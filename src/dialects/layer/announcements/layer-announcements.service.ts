import { Injectable } from '@nestjs/common';
import { AnnouncementsService } from '../../../notify/announcements/announcements.service.js';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { CustomersService } from '../../../customers/customers.service.js';
import { LayerPage, unknownFromId } from '../http/layer-page.js';
import { announcementObject, type AnnouncementObject } from './announcement-object.js';

/** Announcements as Layer knows them. `viewer` is the customer who asks, and `base` where this dialect is mounted. */
@Injectable()
export class LayerAnnouncementsService {
  constructor(
    private readonly announcements: AnnouncementsService,
    private readonly customers: CustomersService,
  ) {}

  /** Newest first. @throws LayerRefusal 422 on `from_id` */
  async list(
    tenant: Tenant,
    viewer: string,
    { pageSize, fromId }: { readonly pageSize: number; readonly fromId?: string | null },
    base: string,
  ): Promise<LayerPage<AnnouncementObject>> {
    const reader = await this.customers.get(tenant, viewer);
    const query = { limit: pageSize, startingAfter: fromId ?? undefined };
    const page = await this.announcements.listFor(tenant, viewer, query).catch((error: unknown) => {
      throw error instanceof Refusal && error.details.errors?.starting_after ? unknownFromId() : error;
    });
    return new LayerPage(
      page.items.map((one) => announcementObject(one, reader, base)),
      page.totalCount,
    );
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, viewer: string, id: string, base: string): Promise<AnnouncementObject> {
    const [reader, announcement] = await Promise.all([
      this.customers.get(tenant, viewer),
      this.announcements.getFor(tenant, viewer, id),
    ]);
    return announcementObject(announcement, reader, base);
  }
}
