import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CannotStart } from '../common/cannot-start.js';
import type { DatabaseClock } from './database-clock.js';
import { asFailure } from './failures.js';
import type { Schema, SchemaState } from './schema.js';

const RETRY_MS = 1_000;

const SCHEMA_PROBLEMS: Readonly<Record<Exclude<SchemaState, 'current'>, string>> = {
  not_migrated: "The database is not migrated: run `npm run migration:run`, or start with MIGRATE=on. It's waited for.",
  newer_release: 'The database was migrated by a newer release of Parlance: run that one, or later.',
};

/** Why the database is not used. */
export type Absence = 'away' | Exclude<SchemaState, 'current'>;

/**
 * Connects: at once where the database is there and has this release's schema, else as soon as it has. Meanwhile the process
 * stays up and logs why it waits. What trying again can't mend ends the start. Later outages are the pool's; and a newer
 * release may migrate the schema of a running process, as migrations only add.
 */
@Injectable()
export class DatabaseConnector implements OnApplicationBootstrap, OnApplicationShutdown {
  /** True once the database is connected; false where the process ends before. Rejects with a CannotStart. */
  readonly settled: Promise<boolean>;
  private settle!: (up: boolean) => void;
  private fail!: (reason: CannotStart) => void;
  private readonly logger = new Logger('Database');
  private readonly ending = new AbortController();
  private attempts: Promise<void> | undefined;
  private said = '';
  private absent: Absence | undefined = 'away';

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly schema: Schema,
    private readonly clock: DatabaseClock,
    private readonly migrate: boolean,
  ) {
    this.settled = new Promise((resolve, reject) => {
      this.settle = resolve;
      this.fail = reject;
    });
    this.settled.catch(() => undefined);
  }

  /** Undefined once it is used. */
  get absence(): Absence | undefined {
    return this.absent;
  }

  /** The same as a sentence for the log. */
  get problem(): string {
    return this.said;
  }

  /** @throws CannotStart */
  async onApplicationBootstrap(): Promise<void> {
    if (!(await this.tryOnce())) {
      this.attempts = this.keepTrying();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.attempts;
  }

  private async keepTrying(): Promise<void> {
    const { signal } = this.ending;
    try {
      do {
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      } while (!signal.aborted && !(await this.tryOnce()));
      this.settle(this.absent === undefined);
    } catch (error) {
      this.fail(error as CannotStart);
    }
  }

  private async tryOnce(): Promise<boolean> {
    try {
      const state = await this.schema.state();
      if (state === 'not_migrated' && this.migrate) {
        await this.schema.migrate();
      } else if (state !== 'current') {
        this.complain(state, SCHEMA_PROBLEMS[state]);
        return false;
      }
      await this.dataSource.initialize();
      await this.clock.start();
      this.absent = undefined;
      this.settle(true);
      return true;
    } catch (error) {
      const failure = asFailure(error);
      if (failure instanceof CannotStart) {
        throw failure;
      }
      this.complain('away', `The database is away: ${(error as Error).message}`);
      return false;
    }
  }

  /** Logs each problem once. */
  private complain(absence: Absence, problem: string): void {
    this.absent = absence;
    if (problem !== this.said) {
      this.said = problem;
      this.logger.warn(problem);
    }
  }
}
