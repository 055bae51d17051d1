import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger as NestLogger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Logger, makeWorkerUtils, parseCronItems, run, type WorkerUtils } from 'graphile-worker';
import pg from 'pg';
import { OutageLog } from '../../platform/common/outage-log.js';
import { DIRECT_DATABASE_URL } from '../../platform/database/database.module.js';
import { Housekeeping } from './housekeeping.js';

/** Connections: one that listens, and some to fetch jobs and to give them back. */
const POOL_SIZE = 3;
/** For jobs whose notification was lost. */
const POLL_EVERY_MS = 10_000;
const RETRY_MS = 1_000;
/** Without these the queue does not await the statement that ends a job, and its failure would end the process. */
const QUEUE_PRESET = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
const PURGE_EVERY = '*/10 * * * *';

/** Runs scheduled jobs, each by one process of all. */
@Injectable()
export class Worker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new NestLogger('Worker');
  private readonly outages = new OutageLog(this.logger, 'The worker can not run');
  private readonly pool: pg.Pool;
  private readonly stop = new AbortController();
  private queue: WorkerUtils | undefined;
  private life: Promise<void> | undefined;

  constructor(
    @Inject(DIRECT_DATABASE_URL) databaseUrl: string,
    private readonly housekeeping: Housekeeping,
  ) {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      max: POOL_SIZE,
      application_name: 'parlance-worker',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    // Whoever uses a connection is told of its end as well; unheard, it would end the process.
    this.pool.on('error', ignore).on('connect', (client) => client.on('error', ignore));
  }

  onApplicationBootstrap(): void {
    this.life = this.live();
  }

  /** Nothing new is begun from now on. */
  onModuleDestroy(): void {
    this.stop.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.life;
    await this.queue?.release();
    await this.pool.end();
  }

  /** A runner that met too many errors ends, and is replaced. */
  private async live(): Promise<void> {
    const options = { pgPool: this.pool, logger: quietly(this.logger), preset: QUEUE_PRESET };
    while (!this.stop.signal.aborted) {
      try {
        this.queue ??= await makeWorkerUtils(options);
        const runner = await run({
          ...options,
          concurrency: 1,
          noHandleSignals: true,
          pollInterval: POLL_EVERY_MS,
          taskList: {
            'housekeeping.purge': () => this.purge(),
          },
          parsedCronItems: parseCronItems([{ task: 'housekeeping.purge', match: PURGE_EVERY }]),
        });
        const end = (): void => void runner.stop().catch(ignore);
        this.stop.signal.addEventListener('abort', end);
        if (this.stop.signal.aborted) {
          end();
        }
        this.outages.over();
        await runner.promise;
        this.stop.signal.removeEventListener('abort', end);
      } catch (error) {
        this.outages.began(error);
      }
      await sleep(RETRY_MS, undefined, { signal: this.stop.signal }).catch(ignore);
    }
  }

  private async purge(): Promise<void> {
    await this.housekeeping.purge();
    // Jobs that died with their worker; the queue unlocks them after four hours.
    await this.queue?.cleanup({ tasks: ['DELETE_PERMAFAILED_JOBS'] });
  }
}

function ignore(): void {}

/** The queue logs much, and a job that fails is found again by the next. */
function quietly(logger: NestLogger): Logger {
  return new Logger(() => (level, message) => {
    if (String(level) === 'error') {
      logger.warn(message);
    } else {
      logger.debug(message);
    }
  });
}
