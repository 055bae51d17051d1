import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { entities } from '../../entities.js';
import { migrations } from '../../../migrations/all.js';

/** Milliseconds; each shorter than the next, so that the layer which knows most about a delay is the one that ends it. */
const TIMEOUTS = {
  connectionTimeoutMillis: 2_000,
  lock_timeout: 3_000,
  statement_timeout: 8_000,
  query_timeout: 9_000,
  idle_in_transaction_session_timeout: 15_000,
} as const;

/**
 * A connection that breaks while nobody waits for it says so in an `error` event, which unheard ends the process: one that
 * was just opened or lent has no listener yet. Whoever uses it next is told again.
 */
class HeardClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/**
 * A migration takes as long as it takes; what a role or a database has for its statements is overruled. Only a lock is not
 * waited for: who stands in line for a table holds up everybody behind. It is tried again.
 */
const MIGRATION_TIMEOUTS = {
  connectionTimeoutMillis: 5_000,
  lock_timeout: TIMEOUTS.lock_timeout,
  // In words: node-postgres takes the number 0 for nothing said.
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
} as const;

/** How a schema is migrated: one connection keeps the turn, the other does the work. */
export function migrationOptions(url: string): DataSourceOptions {
  return { ...reaching(url, 2, MIGRATION_TIMEOUTS), migrations };
}

/** How TypeORM, its command line and the tests reach PostgreSQL. */
export function dataSourceOptions(url: string, poolSize: number): DataSourceOptions {
  return { ...reaching(url, poolSize, TIMEOUTS), entities, migrations };
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
    extra: { ...timeouts, Client: HeardClient, keepAlive: true, application_name: 'parlance' },
  } as const;
}
