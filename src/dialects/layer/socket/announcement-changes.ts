import { Injectable } from '@nestjs/common';
import { AnnouncementsService } from '../../../notify/announcements/announcements.service.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { CustomersService } from '../../../customers/customers.service.js';
import { announcementObject } from '../announcements/announcement-object.js';
import { userIdOf } from '../identity.presenter.js';
import { identityUri, layerUri } from '../layer-id.js';
import { ANY_BASE, type PacketBody } from './packet-body.js';
import * as say from './packets.js';
import type { Packet } from './packets.js';
import type { CustomerRow, LayerEvent } from './event-context.js';

type Announced = LayerEvent & {
  readonly type: 'announcement.created' | 'announcement.read' | 'announcement.deleted';
};

/** Changes of announcements. Each recipient is sent its own only. */
@Injectable()
export class AnnouncementChanges {
  constructor(
    private readonly announcements: AnnouncementsService,
    private readonly customers: CustomersService,
  ) {}

  /** @param viewers the customers connected here */
  async of(
    tenant: Tenant,
    events: readonly LayerEvent[],
    viewers: readonly string[],
  ): Promise<Map<LayerEvent, Packet[]>> {
    const announced = events.filter(isAnnounced);
    if (announced.length === 0 || viewers.length === 0) {
      return new Map();
    }
    const made = announced.flatMap(({ type, data }) => (type === 'announcement.created' ? data.id : []));
    const received = made.length === 0 ? [] : await this.announcements.findReceived(tenant, made, viewers);
    const here = new Set(viewers);
    const concerned = [
      ...received.map(({ customerId }) => customerId),
      ...announced.flatMap(({ data }) => ('customerId' in data ? data.customerId : [])),
    ].filter((one) => here.has(one));
    const rows = concerned.length === 0 ? [] : await this.customers.findMany(tenant, [...new Set(concerned)]);
    const readers = new Map(rows.map((row) => [row.id, row]));
    return new Map(
      announced.map((event) => {
        const bodies =
          event.type === 'announcement.created'
            ? received
                .filter(({ id }) => id === event.data.id)
                .flatMap((one) =>
                  bodiesFor(readers.get(one.customerId), (reader) => {
                    return say.created('Announcement', announcementObject(one, reader, ANY_BASE));
                  }),
                )
            : bodiesFor(readers.get(event.data.customerId), (reader) => changeOf(event, reader));
        return [event, bodies.map(({ body, to }) => ({ seq: event.seq, type: 'change', body, to }))] as const;
      }),
    );
  }
}

function isAnnounced(event: LayerEvent): event is Announced {
  return event.type.startsWith('announcement.');
}

/** Nothing where the reader is not connected here. */
function bodiesFor(
  reader: CustomerRow | undefined,
  body: (reader: CustomerRow) => PacketBody,
): Pick<Packet, 'body' | 'to'>[] {
  return reader ? [{ body: body(reader), to: [reader.id] }] : [];
}

function changeOf({ type, data }: Announced, reader: CustomerRow): PacketBody {
  const uri = layerUri('announcements', data.id);
  return type === 'announcement.deleted'
    ? say.deleted('Announcement', uri, 'my_devices')
    : say.updated('Announcement', uri, [say.setStatus(identityUri(userIdOf(reader)), 'read')]);
}
