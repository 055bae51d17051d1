import { Injectable, Logger } from '@nestjs/common';
import { QueueWorker } from '../../../notify/worker/queue-worker.js';
import { WorkSlots } from '../../../notify/worker/work-slots.js';
import { Bus } from '../../../platform/cluster/bus.js';
import { OutageLog } from '../../../platform/common/outage-log.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { Triggerings } from './triggerings.js';

const MAX_CLIENTS = 8;

/** Makes executions of what happened: of each client one batch after another. */
@Injectable()
export class TriggerWorker extends QueueWorker {
  private readonly outages = new OutageLog(new Logger('TriggerWorker'), 'Workflows can not be triggered');

  constructor(
    database: Database,
    bus: Bus,
    private readonly triggerings: Triggerings,
  ) {
    super(database, bus, new WorkSlots(MAX_CLIENTS, 1));
  }

  protected override async look(): Promise<void> {
    try {
      while (this.slots.free > 0 && !this.stop.signal.aborted) {
        const tenant = await this.triggerings.waiting(this.slots.full);
        if (!tenant) {
          break;
        }
        this.slots.take(
          tenant.clientId,
          () => this.work(tenant).catch((error: unknown) => this.outages.began(error)),
          () => this.sweep.call(),
        );
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }

  private async work(tenant: Tenant): Promise<void> {
    try {
      await this.triggerings.triggerSome(tenant);
    } catch (error) {
      this.outages.began(error);
      await this.triggerings.postpone(tenant);
    }
  }
}
