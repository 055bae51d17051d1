import { setMaxListeners } from 'node:events';
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
import { Deliverer, type EndpointName } from '../webhooks/deliverer.js';
import { Places } from './places.js';
import { Sweep } from './sweep.js';

/** Endpoints that this process serves at once, and those of one client; nearly all of their time they only wait. */
const MOST = 200;
const MOST_OF_ONE = 20;
/** Attempts under way have so long to end when the process does; less than a shutdown has in all. */
const DRAIN_MS = 10_000;

/**
 * Serves the endpoints that have something due: asks PostgreSQL for them whenever there are new events, and once a second.
 * Each process takes what it has places for; which of two has an endpoint is said by its lease.
 */
@Injectable()
export class WebhookWorker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('WebhookWorker');
  private readonly looking = new OutageLog(this.logger, 'What is due can not be looked for');
  private readonly delivering = new OutageLog(this.logger, 'Webhooks can not be delivered');
  private readonly places = new Places(MOST, MOST_OF_ONE);
  private readonly sweep = new Sweep(() => this.look());
  private readonly stop = new AbortController();
  private readonly abandon = new AbortController();
  private readonly quiet: (() => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly deliverer: Deliverer,
  ) {
    setMaxListeners(MOST, this.abandon.signal);
  }

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
    this.quiet.forEach((end) => end());
    this.stop.abort();
    setTimeout(() => this.abandon.abort(), DRAIN_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.end();
    await this.places.ended();
  }

  private async look(): Promise<void> {
    try {
      const { full, free, mostOfOne } = this.places;
      const waiting = free > 0 ? await this.deliverer.waiting({ except: full, most: free, mostOfOne }) : [];
      for (const name of waiting) {
        if (!this.stop.signal.aborted && this.places.hasRoomFor(name.clientId)) {
          this.places.take(
            name.clientId,
            () => this.deliver(name),
            () => this.sweep.call(),
          );
        }
      }
      this.looking.over();
    } catch (error) {
      this.looking.began(error);
    }
  }

  private async deliver(name: EndpointName): Promise<void> {
    try {
      await this.deliverer.deliver(name, this.stop.signal, this.abandon.signal);
      this.delivering.over();
    } catch (error) {
      // What was not recorded is still due.
      if (!this.abandon.signal.aborted) {
        this.delivering.began(error);
      }
    }
  }
}
