import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../common/tenancy/tenant.js';
import { CustomersService } from '../../customers/customers.service.js';
import { userIdOf } from '../identity.presenter.js';
import { identityUri, layerUri } from '../layer-id.js';
import { deleted, setStatus, updated, type Packet } from './packets.js';
import type { LayerEvent } from './surroundings.js';

/** What became of announcements: of that each recipient is told alone, and nothing of the others. */
@Injectable()
export class AnnouncementChanges {
  constructor(private readonly customers: CustomersService) {}

  /** By event. */
  async of(
    tenant: Tenant,
    events: readonly LayerEvent[],
    viewers: readonly string[],
  ): Promise<Map<LayerEvent, Packet[]>> {
    const own = events.filter(
      ({ type, customerId }) => type.startsWith('announcement.') && viewers.includes(customerId!),
    );
    const readers = own.flatMap((event) => (event.type === 'announcement.read' ? event.data.customerId : []));
    const rows = readers.length > 0 ? await this.customers.findMany(tenant, [...new Set(readers)]) : [];
    return new Map(
      own.map((event) => {
        const body = bodyOf(event, new Map(rows.map((row) => [row.id, identityUri(userIdOf(row))])));
        return [event, body ? [{ seq: event.seq, type: 'change', body, to: [event.customerId!] }] : []];
      }),
    );
  }
}

function bodyOf(event: LayerEvent, identities: ReadonlyMap<string, string>): Packet['body'] | null {
  switch (event.type) {
    case 'announcement.read': {
      const identity = identities.get(event.data.customerId);
      const id = layerUri('announcements', event.data.id);
      return identity === undefined ? null : updated('Announcement', id, [setStatus(identity, 'read')]);
    }
    case 'announcement.deleted':
      return deleted('Announcement', layerUri('announcements', event.data.id), 'my_devices');
    default:
      return null;
  }
}
