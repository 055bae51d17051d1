import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { OutageLog } from '../common/outage-log.js';
import { Database } from '../database/database.js';
import { BEAT, REAP, REGISTER, UNREGISTER } from './replicas.sql.js';

/** Milliseconds. */
const EVERY = 1_000;
/** Milliseconds until a beat that failed is tried again. */
const RETRY = 500;
/**
 * Beats in a row after which this process may judge others: together longer than the seconds of REAP. After the database
 * was away for everybody, everybody has been seen again by then.
 */
const SURE_AFTER = 8;

/** This process among the others: it says that it lives, and deletes those that no longer do with all they held. */
@Injectable()
export class Replicas implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly id = randomUUID();
  /** Fulfilled when this process is known, so that rows may point to it. */
  readonly registered: Promise<void>;
  private readonly outages = new OutageLog(new Logger('Replicas'), 'This process can not say that it lives');
  private readonly ending = new AbortController();
  private readonly listeners: (() => Promise<void>)[] = [];
  private readonly goneListeners: (() => void)[] = [];
  private there: readonly string[] = [];
  private beating: Promise<void> | undefined;
  private register!: () => void;
  private beats = 0;
  private state: 'new' | 'known' | 'rejoining' = 'new';

  constructor(private readonly database: Database) {
    this.registered = new Promise((resolve) => {
      this.register = resolve;
    });
  }

  /** `listener` runs when this process was taken for dead and has registered again: what it held is gone. */
  onRejoin(listener: () => Promise<void>): void {
    this.listeners.push(listener);
  }

  /** `listener` is told within a beat that a process has ended or was deleted: what it held is gone. */
  onGone(listener: () => void): void {
    this.goneListeners.push(listener);
  }

  onApplicationBootstrap(): void {
    this.beating = this.keepBeating();
  }

  /** Not later: then the database is gone. What holds sockets or leases has let them go in this hook or one before. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.beating;
    // Where the database is away, the others will see that this process is gone.
    await this.database.run(UNREGISTER, [this.id]).catch(() => undefined);
  }

  private async keepBeating(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      const alive = await this.beat();
      await sleep(alive ? EVERY : RETRY, undefined, { signal }).catch(() => undefined);
    }
  }

  private async beat(): Promise<boolean> {
    try {
      const [row] = await this.database.run<{ there: string[] }>(BEAT, [this.id]);
      if (row) {
        this.compare(row.there);
      } else {
        await this.enter();
      }
      if (this.state === 'rejoining') {
        await this.rejoin();
      }
      this.beats += 1;
      if (this.beats >= SURE_AFTER) {
        await this.database.run(REAP, []);
      }
      this.outages.over();
      return true;
    } catch (error) {
      this.beats = 0;
      this.outages.began(error);
      return false;
    }
  }

  /** A signal could be lost. */
  private compare(there: readonly string[]): void {
    const isOneGone = this.there.some((id) => !there.includes(id));
    this.there = there;
    if (isOneGone) {
      this.goneListeners.forEach((listener) => listener());
    }
  }

  private async enter(): Promise<void> {
    // Noted first: should the answer get lost, the next beat finds a row and would not know.
    if (this.state === 'known') {
      this.state = 'rejoining';
    }
    await this.database.run(REGISTER, [this.id]);
    if (this.state === 'new') {
      this.state = 'known';
      this.register();
    }
  }

  /** As long as one of them fails, all are told again with the next beat. */
  private async rejoin(): Promise<void> {
    for (const listener of this.listeners) {
      await listener();
    }
    this.state = 'known';
  }
}
