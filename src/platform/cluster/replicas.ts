import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { OutageLog } from '../common/outage-log.js';
import { Database } from '../database/database.js';
import { BEAT, REAP, REGISTER, UNREGISTER } from './replicas.sql.js';

const BEAT_EVERY_MS = 1_000;
/** After a beat that failed. */
const RETRY_MS = 500;
/**
 * So many in a row last longer than the seconds of REAP: after an outage of the database every process that lives has been
 * seen again by then.
 */
const BEATS_BEFORE_REAPING = 8;

/** This process among the others: it keeps its row alive, and deletes those of processes that died. */
@Injectable()
export class Replicas implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly id = randomUUID();
  /** Fulfilled when this process has its row, so that others may point to it. */
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

  /** `listener` runs when this process was taken for dead and has registered again: its rows are gone. */
  onRejoin(listener: () => Promise<void>): void {
    this.listeners.push(listener);
  }

  /** `listener` runs within a beat of the end of another process: its rows are gone. */
  onGone(listener: () => void): void {
    this.goneListeners.push(listener);
  }

  onApplicationBootstrap(): void {
    this.beating = this.keepBeating();
  }

  /** The last hook that has a database. Sockets and leases are released in this one or before. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.beating;
    // Where the database is away, the others will reap the row.
    await this.database.acrossTenants(UNREGISTER, [this.id]).catch(() => undefined);
  }

  private async keepBeating(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      const alive = await this.beat();
      await sleep(alive ? BEAT_EVERY_MS : RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async beat(): Promise<boolean> {
    try {
      const [row] = await this.database.acrossTenants<{ there: string[] }>(BEAT, [this.id]);
      if (row) {
        this.compare(row.there);
      } else {
        await this.enter();
      }
      if (this.state === 'rejoining') {
        await this.rejoin();
      }
      this.beats += 1;
      if (this.beats >= BEATS_BEFORE_REAPING) {
        await this.database.acrossTenants(REAP, []);
      }
      this.outages.over();
      return true;
    } catch (error) {
      this.beats = 0;
      this.outages.began(error);
      return false;
    }
  }

  /** By the list in each beat and not by a signal, which may get lost. */
  private compare(there: readonly string[]): void {
    const isOneGone = this.there.some((id) => !there.includes(id));
    this.there = there;
    if (isOneGone) {
      this.goneListeners.forEach((listener) => listener());
    }
  }

  private async enter(): Promise<void> {
    // Before the statement: should its answer get lost, the next beat finds the row.
    if (this.state === 'known') {
      this.state = 'rejoining';
    }
    await this.database.acrossTenants(REGISTER, [this.id]);
    if (this.state === 'new') {
      this.state = 'known';
      this.register();
    }
  }

  /** Where a listener fails, all run again with the next beat. */
  private async rejoin(): Promise<void> {
    for (const listener of this.listeners) {
      await listener();
    }
    this.state = 'known';
  }
}
