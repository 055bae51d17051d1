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
const POOL = 3;
/** Milliseconds between two looks of an idle place for jobs that it was not told of. */
const POLL = 10_000;
/** Milliseconds between two attempts to start where the database is away. */
const RETRY = 1_000;
/** Left to itself the queue does not look at what becomes of a job's end; a failure of that would end the process. */
const SAFE = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
const PURGE_EVERY = '*/10 * * * *';

/** Runs what is to be done at certain times, by one process of all. */
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
  }

  /** From now on nothing new is begun. */
  onModuleDestroy(): void {
    this.stop.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
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
          concurrency: 1,
          noHandleSignals: true,
          pollInterval: POLL,
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
      await sleep(RETRY, undefined, { signal: this.stop.signal }).catch(ignore);
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
