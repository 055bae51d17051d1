import { Injectable, Logger } from '@nestjs/common';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Database } from '../../platform/database/database.js';
import { Bus } from '../../platform/cluster/bus.js';
import { PushDispatcher, type DuePush } from '../push/push-dispatcher.js';
import { QueueWorker } from './queue-worker.js';
import { WorkSlots } from './work-slots.js';

/** Notifications taken at once; one may be for thousands of devices. */
const BATCH = 10;
/** Under way in this process. */
const MAX_PUSHES = 400;
const MAX_PUSHES_PER_CLIENT = 20;
/** After this a push that was claimed is due again; an attempt takes far less. */
const LEASE_MS = 60_000;

/**
 * Turns notifications into pushes, and sends them. What a process loses when it dies is found again in the database.
 */
@Injectable()
export class PushWorker extends QueueWorker {
  private readonly logger = new Logger('PushWorker');
  private readonly taking = new OutageLog(this.logger, 'Notifications can not be taken');
  private readonly sending = new OutageLog(this.logger, 'Pushes can not be sent');
  private batch = BATCH;

  constructor(
    database: Database,
    bus: Bus,
    private readonly pusher: PushDispatcher,
  ) {
    super(database, bus, new WorkSlots(MAX_PUSHES, MAX_PUSHES_PER_CLIENT));
  }

  protected override async look(): Promise<void> {
    await this.keepDoing(() => this.take(), this.taking);
    await this.keepDoing(() => this.begin(), this.sending);
  }

  /** Where a batch failed, as by taking too long, the next is a single one. */
  private async take(): Promise<number> {
    const batch = this.batch;
    this.batch = 1;
    const taken = await this.pusher.fanOut(batch);
    this.batch = BATCH;
    return taken;
  }

  /** Repeats `some` while it finds something to do. */
  private async keepDoing(some: () => Promise<number>, outages: OutageLog): Promise<void> {
    try {
      for (let done = 1; done > 0 && !this.stop.signal.aborted;) {
        done = await some();
      }
      outages.over();
    } catch (error) {
      outages.began(error);
    }
  }

  /** @returns how many were begun; a client whose slots are full is left out of the next claim */
  private async begin(): Promise<number> {
    const { full, free, mostOfOne } = this.slots;
    if (free <= 0) {
      return 0;
    }
    const claimed = await this.pusher.claim({ except: full, most: free, mostOfOne, lease: LEASE_MS });
    claimed.forEach((push) => this.send(push));
    return claimed.length;
  }

  private send(push: DuePush): void {
    this.slots.take(
      push.clientId,
      // Its outcome could not be written, so there is another attempt when the lease ends.
      () => this.pusher.send(push).catch((error: unknown) => this.sending.began(error)),
      () => this.sweep.call(),
    );
  }
}
