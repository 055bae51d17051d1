import { Injectable, Logger } from '@nestjs/common';
import { QueueWorker } from '../../../notify/worker/queue-worker.js';
import { WorkSlots } from '../../../notify/worker/work-slots.js';
import { Bus } from '../../../platform/cluster/bus.js';
import { Replicas } from '../../../platform/cluster/replicas.js';
import { OutageLog } from '../../../platform/common/outage-log.js';
import { Database } from '../../../platform/database/database.js';
import { ExecutionsRepository, type ExecutionJob } from './executions.repository.js';
import { Runner } from './runner.js';

const MAX_EXECUTIONS = 64;
const MAX_EXECUTIONS_PER_CLIENT = 8;

/** Runs the executions that are due. What a process was at when it died, another goes on with. */
@Injectable()
export class ExecutionWorker extends QueueWorker {
  private readonly outages = new OutageLog(new Logger('ExecutionWorker'), 'Workflows can not go on');

  constructor(
    database: Database,
    bus: Bus,
    private readonly executions: ExecutionsRepository,
    private readonly runner: Runner,
    private readonly replicas: Replicas,
  ) {
    super(database, bus, new WorkSlots(MAX_EXECUTIONS, MAX_EXECUTIONS_PER_CLIENT));
  }

  protected override async look(): Promise<void> {
    try {
      while (this.slots.free > 0 && !this.stop.signal.aborted) {
        const most = Math.min(this.slots.free, MAX_EXECUTIONS_PER_CLIENT);
        const jobs = await this.executions.claim(this.slots.full, this.replicas.id, most);
        if (jobs.length === 0) {
          break;
        }
        for (const job of jobs) {
          this.slots.take(
            job.clientId,
            () => this.run(job),
            () => this.sweep.call(),
          );
        }
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }

  /** Whatever went wrong of ours is tried again. */
  private async run(job: ExecutionJob): Promise<void> {
    try {
      await this.runner.run(job, this.stop.signal);
    } catch (error) {
      this.outages.began(error);
      await this.executions.release(job, job, true).catch((again: unknown) => this.outages.began(again));
    }
  }
}
