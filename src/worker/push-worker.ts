import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Trouble } from '../common/trouble.js';
import { Database } from '../database/database.js';
import { Bus } from '../jobs/bus.js';
import { Pusher, type DuePush } from '../push/pusher.js';
import { Sweep } from './sweep.js';

/** Notifications that are taken at once; one may be for thousands. */
const BATCH = 10;
/** Pushes under way in this process, and of one client: a provider that does not answer it takes no place of others. */
const MOST = 400;
const MOST_OF_ONE = 20;
/** Milliseconds after which a push that was claimed is due again; an attempt takes far less. */
const LEASE = 60_000;

/** Makes pushes of notifications, and sends them. Whatever is lost under way is found again in the database. */
@Injectable()
export class PushWorker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('PushWorker');
  private readonly taking = new Trouble(this.logger, 'Notifications can not be taken');
  private readonly sending = new Trouble(this.logger, 'Pushes can not be sent');
  private readonly sweep = new Sweep(() => this.look());
  private readonly quiet: (() => void)[] = [];
  private readonly underWay = new Set<Promise<void>>();
  /** How many are under way of each client that has any. */
  private readonly ofClient = new Map<string, number>();
  private batch = BATCH;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly pusher: Pusher,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
    this.quiet.push(
      this.database.bell.onRing(() => this.sweep.call()),
      this.bus.onSignal(({ kind }) => kind === 'events' && this.sweep.call()),
      () => void this.sweep.end(),
    );
  }

  /** From now on nothing new is begun. */
  onModuleDestroy(): void {
    this.stopping = true;
    this.quiet.forEach((end) => end());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.end();
    await Promise.all(this.underWay);
  }

  private async look(): Promise<void> {
    await this.keepDoing(() => this.take(), this.taking);
    await this.keepDoing(() => this.begin(), this.sending);
  }

  /** What took too long together is taken one by one. */
  private async take(): Promise<number> {
    const batch = this.batch;
    this.batch = 1;
    const taken = await this.pusher.fanOut(batch);
    this.batch = BATCH;
    return taken;
  }

  /** As long as there is something to do. */
  private async keepDoing(some: () => Promise<number>, trouble: Trouble): Promise<void> {
    try {
      for (let done = 1; done > 0 && !this.stopping;) {
        done = await some();
      }
      trouble.over();
    } catch (error) {
      trouble.began(error);
    }
  }

  /** Answers how many were begun. Those of one client that must wait let others pass: it is left out of the next claim. */
  private async begin(): Promise<number> {
    const most = MOST - this.underWay.size;
    if (most <= 0) {
      return 0;
    }
    const except = [...this.ofClient].filter(([, count]) => count >= MOST_OF_ONE).map(([clientId]) => clientId);
    const claimed = await this.pusher.claim({ except, most, mostOfOne: MOST_OF_ONE, lease: LEASE });
    claimed.forEach((push) => this.send(push));
    return claimed.length;
  }

  private send(push: DuePush): void {
    const { clientId } = push;
    this.ofClient.set(clientId, (this.ofClient.get(clientId) ?? 0) + 1);
    const attempt = this.pusher
      .send(push)
      // What became of it could not be noted, so there is another attempt when the lease ends.
      .catch((error: unknown) => this.sending.began(error))
      .finally(() => {
        const left = this.ofClient.get(clientId)! - 1;
        if (left > 0) {
          this.ofClient.set(clientId, left);
        } else {
          this.ofClient.delete(clientId);
        }
        this.underWay.delete(attempt);
        // There is room again for one that may wait for it.
        this.sweep.call();
      });
    this.underWay.add(attempt);
  }
}
