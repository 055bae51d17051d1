import { Injectable, Logger } from '@nestjs/common';
import { QueueWorker } from '../../../notify/worker/queue-worker.js';
import { WorkSlots } from '../../../notify/worker/work-slots.js';
import { Bus } from '../../../platform/cluster/bus.js';
import { OutageLog } from '../../../platform/common/outage-log.js';
import { Database } from '../../../platform/database/database.js';
import { Schedules } from './schedules.js';

const MAX_CLIENTS = 4;

/** Begins what is due by the clock: of each client one batch after another, and one a look. */
@Injectable()
export class ScheduleWorker extends QueueWorker {
  private readonly outages = new OutageLog(new Logger('ScheduleWorker'), 'Schedules of workflows can not be kept');

  constructor(
    database: Database,
    bus: Bus,
    private readonly schedules: Schedules,
  ) {
    super(database, bus, new WorkSlots(MAX_CLIENTS, 1));
  }

  protected override async look(): Promise<void> {
    const looked: string[] = [];
    try {
      while (this.slots.free > 0 && !this.stop.signal.aborted) {
        const due = await this.schedules.due([...this.slots.full, ...looked]);
        if (!due) {
          break;
        }
        looked.push(due.clientId);
        this.slots.take(
          due.clientId,
          () => this.schedules.fireSome(due, due.id).catch((error: unknown) => this.outages.began(error)),
          () => undefined,
        );
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }
}
