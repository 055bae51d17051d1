import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Bus } from '../../platform/cluster/bus.js';
import type { OutageLog } from '../../platform/common/outage-log.js';
import type { Database } from '../../platform/database/database.js';
import { Sweep } from './sweep.js';
import type { WorkSlots } from './work-slots.js';

/** Looks for what is due whenever there is something new, and once a second, until the process ends. */
export abstract class QueueWorker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  protected readonly sweep = new Sweep(() => this.look());
  protected readonly stop = new AbortController();
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly bus: Bus,
    protected readonly slots: WorkSlots,
  ) {
    slots.countAs(this.constructor.name.replace(/Worker$/, ''));
  }

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
    this.stop.abort();
    this.unsubscribe.forEach((end) => end());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.end();
    await this.slots.ended();
  }

  /** Begins what is due, as far as there are slots; whatever ends calls the sweep again. Never throws. */
  protected abstract look(): Promise<void>;

  /**
   * Claims what is due and begins it, while there are slots and there is more. What fails is due again when its lease ends.
   * @param most claimed at once
   * @param claim fewer than it is asked for: there is no more
   */
  protected async beginDue<Due extends { readonly clientId: string }>(
    outages: OutageLog,
    most: number,
    claim: (most: number) => Promise<readonly Due[]>,
    work: (due: Due) => Promise<void>,
  ): Promise<void> {
    try {
      for (let isMore = true; isMore && this.slots.free > 0 && !this.stop.signal.aborted;) {
        const asked = Math.min(this.slots.free, most);
        const claimed = await claim(asked);
        for (const due of claimed) {
          this.slots.take(
            due.clientId,
            () => work(due).catch((error: unknown) => outages.began(error)),
            () => this.sweep.call(),
          );
        }
        isMore = claimed.length === asked;
      }
      outages.over();
    } catch (error) {
      outages.began(error);
    }
  }
}
