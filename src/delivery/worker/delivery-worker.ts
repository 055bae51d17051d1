import { Injectable, Logger } from '@nestjs/common';
import { QueueWorker } from '../../notify/worker/queue-worker.js';
import { WorkSlots } from '../../notify/worker/work-slots.js';
import { Bus } from '../../platform/cluster/bus.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Database } from '../../platform/database/database.js';
import { Connections } from '../providers/connections.js';
import { DeliveryDispatcher } from './delivery-dispatcher.js';
import { JobsRepository, type DueJob } from './jobs.repository.js';
import { MOST_CLAIMED } from './jobs.sql.js';
import { Submissions } from './submissions.js';

/** Under way in this process: it takes ten clients whose providers do not answer to fill it. */
const MAX_JOBS = 1_200;
/** Then nothing more of the client is claimed. Most of them wait for its provider. */
const MAX_JOBS_PER_CLIENT = 120;
/** After this a job that was taken is due again; a call of a provider ends far sooner. */
const LEASE_MS = 60_000;

/** Does the jobs that are due. What a process loses when it dies is found again in the database. */
@Injectable()
export class DeliveryWorker extends QueueWorker {
  private readonly logger = new Logger('DeliveryWorker');
  private readonly outages = new OutageLog(this.logger, 'Text messages can not be delivered');

  constructor(
    database: Database,
    bus: Bus,
    private readonly jobs: JobsRepository,
    private readonly dispatcher: DeliveryDispatcher,
    private readonly submissions: Submissions,
    private readonly connections: Connections,
    private readonly replicas: Replicas,
  ) {
    super(database, bus, new WorkSlots(MAX_JOBS, MAX_JOBS_PER_CLIENT));
  }

  /** A client whose slots are full, or whose provider is busy, is left out of the next claim. */
  protected override async look(): Promise<void> {
    try {
      for (let isMore = true; isMore && this.slots.free > 0 && !this.stop.signal.aborted;) {
        isMore = await this.begin();
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }

  /** Whether there may be more that is due. */
  private async begin(): Promise<boolean> {
    const except = [...this.slots.full, ...this.connections.busy];
    const claimed = await this.jobs.claim({ except, leaseMs: LEASE_MS, replicaId: this.replicas.id });
    const together = this.submissions.begin(claimed);
    for (const job of claimed) {
      this.slots.take(
        job.clientId,
        // Its outcome could not be written, so it is looked into when the lease ends.
        () => this.dispatcher.do(job, together.get(job.clientId)).catch((error: unknown) => this.outages.began(error)),
        () => this.left(job),
      );
    }
    return claimed.length === MOST_CLAIMED;
  }

  /** To look past all that waits of a client without room costs the more the more that is. */
  private left({ clientId }: DueJob): void {
    const wasFull = this.slots.free === 1;
    if (wasFull || this.slots.hasRoomFor(clientId)) {
      this.sweep.call();
    }
  }
}
