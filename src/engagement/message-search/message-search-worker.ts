import { Injectable, Logger } from '@nestjs/common';
import { QueueWorker } from '../../notify/worker/queue-worker.js';
import { WorkSlots } from '../../notify/worker/work-slots.js';
import { Bus } from '../../platform/cluster/bus.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Database } from '../../platform/database/database.js';
import { MessageSearchRepository } from './message-search.repository.js';

/** Under way in this process; each holds a connection. */
const MAX_CLIENTS = 2;

/** Writes what messages are found by, of several clients at once, a batch after another. The jobs of one that dies are still there. */
@Injectable()
export class MessageSearchWorker extends QueueWorker {
  private readonly outages = new OutageLog(new Logger('MessageSearch'), 'What is said can not be made searchable');

  constructor(
    database: Database,
    bus: Bus,
    private readonly words: MessageSearchRepository,
  ) {
    super(database, bus, new WorkSlots(MAX_CLIENTS, 1));
  }

  protected override async look(): Promise<void> {
    try {
      for (const clientId of await this.words.findClients(this.slots.full, this.slots.free)) {
        let jobs = 0;
        this.slots.take(
          clientId,
          async () => {
            jobs = await this.words.write({ clientId }).catch((error: unknown) => this.failed(error));
          },
          // There may be more, unless somebody else is at it.
          () => jobs > 0 && this.sweep.call(),
        );
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }

  private failed(error: unknown): number {
    this.outages.began(error);
    return 0;
  }
}
