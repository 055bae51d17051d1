import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../common/tenancy/tenant.js';
import type { Packet } from './packets.js';
import type { LayerEvent } from './surroundings.js';

/** What became of announcements. */
@Injectable()
export class AnnouncementChanges {
  of(_tenant: Tenant, _events: readonly LayerEvent[], _viewers: readonly string[]): Promise<Map<LayerEvent, Packet[]>> {
    return Promise.resolve(new Map<LayerEvent, Packet[]>());
  }
}
