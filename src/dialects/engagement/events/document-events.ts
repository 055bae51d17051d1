import { Injectable } from '@nestjs/common';
import { DocumentsService } from '../../../engagement/knowledge/documents.service.js';
import { FurtherEvents, type EventSource, type FurtherEvent } from '../../../notify/events/further-events.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { presentDocument } from '../knowledge/documents.presenter.js';
import { DOCUMENT_EVENT_TYPES } from './event.dto.js';

/** The events of documents: how each is by now, without its text, and `deleted` where it is gone. */
@Injectable()
export class DocumentEvents implements EventSource {
  readonly types = DOCUMENT_EVENT_TYPES;

  constructor(
    further: FurtherEvents,
    private readonly documents: DocumentsService,
  ) {
    further.add(this);
  }

  async present(tenant: Tenant, events: readonly FurtherEvent[]): Promise<object[]> {
    const told = events.map(({ data }) => data as { readonly id: string; readonly number: number });
    const found = await this.documents.findMany(tenant, [...new Set(told.map(({ id }) => id))]);
    const byId = new Map(found.map((one) => [one.id, one]));
    return told.map(({ id, number }) => {
      const row = byId.get(id);
      return row ? presentDocument(row) : { id: number, uuid: id, deleted: true };
    });
  }
}
