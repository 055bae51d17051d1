import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';

/** Milliseconds between two attempts to reach a database that is away. */
const RETRY = 1_000;
/** Replicas that start at once take turns; any fixed number no other program uses will do. */
const MIGRATION_LOCK = 7_215_033;

/**
 * Brings the data source up: at once where the database is there, else as soon as it is. Meanwhile the process stays up
 * and says so. Later losses are the pool's to mend.
 */
@Injectable()
export class Connection implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Database');
  private ending = false;
  private attempts: Promise<void> | undefined;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly migrate: boolean,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!(await this.attempt())) {
      this.attempts = this.keepTrying();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.ending = true;
    await this.attempts;
  }

  private async keepTrying(): Promise<void> {
    do {
      await sleep(RETRY);
    } while (!this.ending && !(await this.attempt()));
  }

  private async attempt(): Promise<boolean> {
    try {
      await this.dataSource.initialize();
      if (this.migrate) {
        await migrate(this.dataSource);
      }
      return true;
    } catch (error) {
      this.logger.warn(`The database is away: ${(error as Error).message}`);
      if (this.dataSource.isInitialized) {
        await this.dataSource.destroy();
      }
      return false;
    }
  }
}

/** Brings the schema up to date, one process at a time. */
export async function migrate(dataSource: DataSource): Promise<void> {
  if (!(await dataSource.showMigrations())) {
    return;
  }
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations();
    await runner.commitTransaction();
  } finally {
    await runner.release();
  }
}
