import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { CannotStart } from '../common/cannot-start.js';
import { asFailure, isTransient } from './failures.js';
import { migrationOptions, type DataModel } from './options.js';
import { SQLSTATE } from './sqlstates.js';

/** Processes that start at once take turns; any fixed number no other program uses will do. */
const MIGRATION_LOCK = 7_215_033;

/** The schema of a database, compared with this release's. */
export type SchemaState = 'current' | 'not_migrated' | 'newer_release';

/** The schema of one database: asked about, and brought up to date, on connections of its own. */
export class Schema {
  constructor(
    private readonly url: string,
    private readonly model: DataModel,
  ) {}

  /** @throws CannotStart where trying again can't help */
  state(): Promise<SchemaState> {
    return this.connected(stateOf);
  }

  /**
   * Brings it up to date, one process at a time; the schema of a newer release is left alone.
   * @returns the names of the migrations that this took
   * @throws CannotStart where trying again can't help
   */
  migrate(): Promise<string[]> {
    return this.connected(async (dataSource) =>
      (await stateOf(dataSource)) === 'not_migrated' ? inTurn(dataSource, run) : [],
    );
  }

  private async connected<T>(work: (dataSource: DataSource) => Promise<T>): Promise<T> {
    const dataSource = new DataSource(migrationOptions(this.url, this.model));
    try {
      await dataSource.initialize();
      return await work(dataSource);
    } catch (error) {
      throw asFailure(error);
    } finally {
      if (dataSource.isInitialized) {
        await dataSource.destroy();
      }
    }
  }
}

/** Reads the table instead of asking whether it exists: one that may not be read must not pass for a missing one. */
async function appliedTo(dataSource: DataSource): Promise<ReadonlySet<string>> {
  try {
    const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations');
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if ((error as { code?: string }).code === SQLSTATE.undefinedTable) {
      return new Set();
    }
    throw error;
  }
}

/** A migration that this release does not know is a newer one's. */
async function stateOf(dataSource: DataSource): Promise<SchemaState> {
  const applied = await appliedTo(dataSource);
  const ours = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const pending = ours.filter((name) => !applied.has(name));
  if (applied.size > ours.length - pending.length) {
    return 'newer_release';
  }
  return pending.length === 0 ? 'current' : 'not_migrated';
}

async function inTurn<T>(
  dataSource: DataSource,
  work: (dataSource: DataSource, runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    // Another process's migration may take any time.
    await runner.query('SET LOCAL lock_timeout = 0');
    await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const end = await work(dataSource, runner);
    await runner.commitTransaction();
    return end;
  } finally {
    await runner.release();
  }
}

async function run(dataSource: DataSource, runner: QueryRunner): Promise<string[]> {
  try {
    return (await dataSource.runMigrations()).map(({ name }) => name);
  } catch (error) {
    if (isTransient(error)) {
      throw error;
    }
    const [failed] = await new MigrationExecutor(dataSource, runner).getPendingMigrations();
    throw new CannotStart(`The migration ${failed?.name} failed: ${(error as Error).message}.`);
  }
}
