import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../../config.js';
import { ImportsService } from '../../../engagement/imports/imports.service.js';
import { FurtherEvents, type EventSource, type FurtherEvent } from '../../../notify/events/further-events.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { siteOf } from '../../../users/mails/link-to.js';
import { presentImport } from '../imports/imports.presenter.js';
import { IMPORT_EVENT_TYPES } from './event.dto.js';

/** The events of imports: how each is by now, and `deleted` where it is gone. */
@Injectable()
export class ImportEvents implements EventSource {
  readonly types = IMPORT_EVENT_TYPES;
  readonly socketTypes = ['import.progress'];

  constructor(
    further: FurtherEvents,
    private readonly imports: ImportsService,
    @Inject(Config) private readonly settings: Pick<Config, 'publicUrl' | 'port'>,
  ) {
    further.add(this);
  }

  async present(tenant: Tenant, events: readonly FurtherEvent[]): Promise<object[]> {
    const told = events.map(({ data }) => data as { readonly id: string; readonly number: number });
    const found = await this.imports.findMany(tenant, [...new Set(told.map(({ id }) => id))]);
    const byId = new Map(found.map((one) => [one.id, one]));
    return told.map(({ id, number }) => {
      const record = byId.get(id);
      return record ? presentImport(record, siteOf(this.settings)) : { id: number, uuid: id, deleted: true };
    });
  }
}
