import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Database } from '../../platform/database/database.js';
import { Bus } from '../../platform/cluster/bus.js';
import { PushDispatcher, type DuePush } from '../push/push-dispatcher.js';
import { Places } from './places.js';
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
  private readonly taking = new OutageLog(this.logger, 'Notifications can not be taken');
  private readonly sending = new OutageLog(this.logger, 'Pushes can not be sent');
  private readonly sweep = new Sweep(() => this.look());
  private readonly quiet: (() => void)[] = [];
  private readonly places = new Places(MOST, MOST_OF_ONE);
  private batch = BATCH;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly pusher: PushDispatcher,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
    this.quiet.push(
      this.database.commits.onNotify(() => this.sweep.call()),
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
    await this.places.ended();
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
  private async keepDoing(some: () => Promise<number>, trouble: OutageLog): Promise<void> {
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
    const { full, free, mostOfOne } = this.places;
    if (free <= 0) {
      return 0;
    }
    const claimed = await this.pusher.claim({ except: full, most: free, mostOfOne, lease: LEASE });
    claimed.forEach((push) => this.send(push));
    return claimed.length;
  }

  private send(push: DuePush): void {
    this.places.take(
      push.clientId,
      // What became of it could not be noted, so there is another attempt when the lease ends.
      () => this.pusher.send(push).catch((error: unknown) => this.sending.began(error)),
      () => this.sweep.call(),
    );
  }
}
