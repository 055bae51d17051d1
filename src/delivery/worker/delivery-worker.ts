import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Sweep } from '../../notify/worker/sweep.js';
import { WorkSlots } from '../../notify/worker/work-slots.js';
import { Bus } from '../../platform/cluster/bus.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Database } from '../../platform/database/database.js';
import { DeliveryDispatcher } from './delivery-dispatcher.js';

/** Under way in this process. */
const MAX_JOBS = 200;
const MAX_JOBS_PER_CLIENT = 20;
/** After this a job that was taken is due again; a call of a provider ends far sooner. */
const LEASE_MS = 60_000;

/** Does the jobs that are due. What a process loses when it dies is found again in the database. */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('DeliveryWorker');
  private readonly outages = new OutageLog(this.logger, 'Text messages can not be delivered');
  private readonly sweep = new Sweep(() => this.look());
  private readonly slots = new WorkSlots(MAX_JOBS, MAX_JOBS_PER_CLIENT);
  private readonly unsubscribe: (() => void)[] = [];
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly dispatcher: DeliveryDispatcher,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
    this.unsubscribe.push(
      this.database.commits.onNotify(() => this.sweep.call()),
      this.bus.onSignal(({ kind }) => kind === 'events' && this.sweep.call()),
      () => void this.sweep.end(),
    );
  }

  /** Nothing new is begun from now on. */
  onModuleDestroy(): void {
    this.stopping = true;
    this.unsubscribe.forEach((end) => end());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.end();
    await this.slots.ended();
  }

  /** A client whose slots are full is left out of the next claim. */
  private async look(): Promise<void> {
    try {
      for (let begun = 1; begun > 0 && this.slots.free > 0 && !this.stopping;) {
        begun = await this.begin();
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }

  private async begin(): Promise<number> {
    const { full, free, mostOfOne } = this.slots;
    const claimed = await this.dispatcher.claim({ except: full, most: free, mostOfOne, leaseMs: LEASE_MS });
    for (const job of claimed) {
      this.slots.take(
        job.clientId,
        // Its outcome could not be written, so it is looked into when the lease ends.
        () => this.dispatcher.do(job).catch((error: unknown) => this.outages.began(error)),
        () => this.sweep.call(),
      );
    }
    return claimed.length;
  }
}
