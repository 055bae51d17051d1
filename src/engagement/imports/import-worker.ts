import { Injectable, Logger } from '@nestjs/common';
import { QueueWorker } from '../../notify/worker/queue-worker.js';
import { WorkSlots } from '../../notify/worker/work-slots.js';
import { Bus } from '../../platform/cluster/bus.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Database } from '../../platform/database/database.js';
import { ImportTurns } from './import-turns.js';

/** Under way in this process; each holds a connection. */
const MAX_IMPORTS = 4;
const MAX_IMPORTS_PER_CLIENT = 1;

/** Takes turns with the imports that are due. What a process was at when it died, another goes on with. */
@Injectable()
export class ImportWorker extends QueueWorker {
  private readonly outages = new OutageLog(new Logger('ImportWorker'), 'Imports can not go on');

  constructor(
    database: Database,
    bus: Bus,
    private readonly turns: ImportTurns,
  ) {
    super(database, bus, new WorkSlots(MAX_IMPORTS, MAX_IMPORTS_PER_CLIENT));
  }

  protected override look(): Promise<void> {
    return this.beginDue(
      this.outages,
      1,
      () => this.turns.claim(this.slots.full),
      (job) => this.turns.take(job, this.stop.signal),
    );
  }
}
