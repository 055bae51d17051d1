import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { entities } from '../entities.js';
import { migrations } from '../../migrations/all.js';

/** Milliseconds that a request waits for a connection of the pool. */
export const POOL_WAIT_MS = 2_000;

/** Milliseconds; each shorter than the next, so that the layer which knows most about a delay is the one that ends it. */
const TIMEOUTS = {
  connectionTimeoutMillis: POOL_WAIT_MS,
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

/** How TypeORM, its command line and the tests reach PostgreSQL. */
export function dataSourceOptions(url: string, poolSize: number): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities,
    migrations,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    // An undefined condition must not become "every tenant", nor an OR widen the tenant's.
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    isolateWhereStatements: true,
    logging: false,
    logger: 'debug',
    poolSize,
    extra: { ...TIMEOUTS, Client: HeardClient, keepAlive: true, application_name: 'parlance' },
  };
}
