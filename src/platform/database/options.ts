import type { DataSourceOptions, MigrationInterface } from 'typeorm';
import { PoolClient } from './pool-client.js';
import type { Statement } from './statement.js';

/** The tables of a database, as entities, and what makes them. */
export interface DataModel {
  readonly entities: ReadonlyArray<new () => object>;
  readonly migrations: ReadonlyArray<new () => MigrationInterface>;
  /** What throws away what has had its time. */
  readonly purges: readonly Statement[];
}

/**
 * In milliseconds. Each shorter than the next, so that the layer which knows most about a delay is the one that ends
 * it.
 */
const TIMEOUTS = {
  connectionTimeoutMillis: 2_000,
  lock_timeout: 3_000,
  statement_timeout: 8_000,
  silence_timeout: 9_000,
  idle_in_transaction_session_timeout: 15_000,
} as const;

/**
 * A migration may take any time, whatever time-outs the role or the database has. But it must not wait long for a lock: all
 * later queries of the table would wait behind it. It is tried again.
 */
const MIGRATION_TIMEOUTS = {
  connectionTimeoutMillis: 5_000,
  lock_timeout: TIMEOUTS.lock_timeout,
  // As a string: node-postgres ignores the number 0.
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
} as const;

/** Two connections: one holds the migration lock, the other does the work. */
export function migrationOptions(url: string, { migrations }: DataModel): DataSourceOptions {
  return { ...reaching(url, 2, MIGRATION_TIMEOUTS), migrations: [...migrations] };
}

/** How TypeORM, its command line and the tests reach PostgreSQL. */
export function dataSourceOptions(
  url: string,
  poolSize: number,
  { entities, migrations }: DataModel,
): DataSourceOptions {
  return { ...reaching(url, poolSize, TIMEOUTS), entities: [...entities], migrations: [...migrations] };
}

function reaching(url: string, poolSize: number, timeouts: object) {
  return {
    type: 'postgres',
    url,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    // An undefined condition must not become "every tenant", nor an OR widen the tenant's.
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    isolateWhereStatements: true,
    logging: false,
    logger: 'debug',
    poolSize,
    extra: { ...timeouts, Client: PoolClient, keepAlive: true, application_name: 'parlance' },
  } as const;
}
