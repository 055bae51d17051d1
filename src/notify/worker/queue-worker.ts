import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Bus } from '../../platform/cluster/bus.js';
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
    this.stop.abort();
    this.unsubscribe.forEach((end) => end());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.end();
    await this.slots.ended();
  }

  /** Begins what is due, as far as there are slots; whatever ends calls the sweep again. Never throws. */
  protected abstract look(): Promise<void>;
}
