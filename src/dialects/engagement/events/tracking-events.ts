import { Injectable } from '@nestjs/common';
import { TrackingService } from '../../../engagement/tracking/tracking.service.js';
import { FurtherEvents, type EventSource, type FurtherEvent } from '../../../notify/events/further-events.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { presentReader } from '../tracking/campaign-reader.presenter.js';
import { READER_EVENT_TYPES } from './event.dto.js';

/** What readers of campaigns did: how each of them is by now. Recipients stay for as long as their client. */
@Injectable()
export class TrackingEvents implements EventSource {
  readonly types = READER_EVENT_TYPES;

  constructor(
    further: FurtherEvents,
    private readonly tracking: TrackingService,
  ) {
    further.add(this);
  }

  async present(tenant: Tenant, events: readonly FurtherEvent[]): Promise<object[]> {
    const ids = events.map(({ data }) => (data as { readonly id: string }).id);
    const readers = await this.tracking.findMany(tenant, [...new Set(ids)]);
    const byId = new Map(readers.map((reader) => [reader.id, presentReader(reader)]));
    return ids.map((id) => byId.get(id) ?? { uuid: id });
  }
}
