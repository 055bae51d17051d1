import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Injectable,
  Logger as NestLogger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Logger, makeWorkerUtils, parseCronItems, run, type WorkerUtils } from 'graphile-worker';
import pg from 'pg';
import { Trouble } from '../common/trouble.js';
import { Database } from '../database/database.js';
import { Bus } from '../jobs/bus.js';
import { Housekeeping } from '../jobs/housekeeping.js';
import { Deliverer, type EndpointName } from '../webhooks/deliverer.js';
import { Sweep } from './sweep.js';

/** Endpoints that are served at once. */
const CONCURRENCY = 20;
/** Connections: one that listens, and some to fetch jobs and to give them back. */
const POOL = 4;
/** Milliseconds between two looks of an idle place for jobs that it was not told of. */
const POLL = 10_000;
/** Milliseconds between two attempts to start where the database is away. */
const RETRY = 1_000;
/** Milliseconds that attempts under way have to end when the process does; less than a shutdown has in all. */
const DRAIN = 10_000;
/** Left to itself the queue does not look at what becomes of a job's end; a failure of that would end the process. */
const SAFE = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
const PURGE_EVERY = '*/10 * * * *';

/**
 * Runs the jobs. Which endpoints have something due is asked of PostgreSQL, whenever there are new events and once a
 * second; each gets a job, and the queue spreads these over all workers. A job that is lost is missed by nobody: its
 * endpoint still has something due.
 */
@Injectable()
export class Worker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new NestLogger('Worker');
  private readonly trouble = new Trouble(this.logger, 'The worker can not run');
  private readonly pool: pg.Pool;
  private readonly stop = new AbortController();
  private readonly abandon = new AbortController();
  private readonly quiet: (() => void)[] = [];
  private queue: WorkerUtils | undefined;
  private life: Promise<void> | undefined;
  private readonly sweep = new Sweep(() => this.look());

  constructor(
    databaseUrl: string,
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly deliverer: Deliverer,
    private readonly housekeeping: Housekeeping,
  ) {
    setMaxListeners(CONCURRENCY, this.abandon.signal);
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      max: POOL,
      application_name: 'parlance-worker',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    // Whoever uses a connection is told of its end as well; unheard, it would end the process.
    this.pool.on('error', ignore).on('connect', (client) => client.on('error', ignore));
  }

  onApplicationBootstrap(): void {
    this.life = this.live();
    this.sweep.start();
    this.quiet.push(
      this.database.bell.onRing(() => this.sweep.call()),
      this.bus.onSignal(({ kind }) => kind === 'events' && this.sweep.call()),
      () => void this.sweep.end(),
    );
  }

  /** From now on nothing new is begun. */
  onModuleDestroy(): void {
    this.quiet.forEach((end) => end());
    this.stop.abort();
    setTimeout(() => this.abandon.abort(), DRAIN).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.end();
    await this.life;
    await this.queue?.release();
    await this.pool.end();
  }

  /** A runner that met an error too many ends; then there is another. */
  private async live(): Promise<void> {
    const options = { pgPool: this.pool, logger: quietly(this.logger), preset: SAFE };
    while (!this.stop.signal.aborted) {
      try {
        this.queue ??= await makeWorkerUtils(options);
        const runner = await run({
          ...options,
          concurrency: CONCURRENCY,
          noHandleSignals: true,
          pollInterval: POLL,
          taskList: {
            'webhooks.deliver': (name) =>
              this.deliverer.deliver(name as EndpointName, this.stop.signal, this.abandon.signal),
            'housekeeping.purge': () => this.purge(),
          },
          parsedCronItems: parseCronItems([{ task: 'housekeeping.purge', match: PURGE_EVERY }]),
        });
        const end = (): void => void runner.stop().catch(ignore);
        this.stop.signal.addEventListener('abort', end);
        if (this.stop.signal.aborted) {
          end();
        }
        this.trouble.over();
        this.sweep.call();
        await runner.promise;
        this.stop.signal.removeEventListener('abort', end);
      } catch (error) {
        this.trouble.began(error);
      }
      await sleep(RETRY, undefined, { signal: this.stop.signal }).catch(ignore);
    }
  }

  private async look(): Promise<void> {
    try {
      await this.enqueue(await this.deliverer.waiting());
    } catch (error) {
      this.logger.debug(`Could not look for what is due: ${(error as Error).message}`);
    }
  }

  /**
   * A job that waits already keeps its place. One that is locked (its worker runs it, or died with it) loses its key and
   * is never tried again, so it can't keep the endpoint from a new one; which of two has the lease is PostgreSQL's to say.
   */
  private async enqueue(endpoints: readonly EndpointName[]): Promise<void> {
    if (endpoints.length > 0) {
      await this.queue?.addJobs(
        endpoints.map((name) => ({
          identifier: 'webhooks.deliver',
          payload: name,
          jobKey: name.endpointId,
          maxAttempts: 1,
        })),
        true,
      );
    }
  }

  private async purge(): Promise<void> {
    await this.housekeeping.purge();
    // Jobs that died with their worker; the queue unlocks them after four hours.
    await this.queue?.cleanup({ tasks: ['DELETE_PERMAFAILED_JOBS'] });
  }
}

function ignore(): void {}

/** The queue is talkative, and a job that fails is one whose work is found again a second later. */
function quietly(logger: NestLogger): Logger {
  return new Logger(() => (level, message) => {
    if (String(level) === 'error') {
      logger.warn(message);
    } else {
      logger.debug(message);
    }
  });
}
