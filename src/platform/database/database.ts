import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Pool, PoolClient, QueryConfig, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { Refusal } from '../common/errors/refusal.js';
import { markAsTransaction } from '../common/outside-transactions.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { Underway } from '../common/underway.js';
import { databaseAway } from './database-failure.js';
import { CommitNotifier } from './commit-notifier.js';
import { FairGate, HOUSE } from './fair-gate.js';
import { SQLSTATE } from './sqlstates.js';
import type { Statement, UnnamedStatement } from './statement.js';

/** What has changed nothing, so that the statement may run again. */
const RETRYABLE: ReadonlySet<string> = new Set([SQLSTATE.deadlockDetected, SQLSTATE.serializationFailure]);
const MAX_TRIES = 3;
/** A client's thousand requests at once wait for each other; after this one is answered 503. */
const GATE_WAIT_MS = 5_000;
/** Times the number of the try, times a random number below 1. */
const RETRY_STEP_MS = 20;
const PROBE_TIMEOUT_MS = 1_000;

/** The client whose share of the pool a statement takes. */
export type Holder = Pick<Tenant, 'clientId'>;

/** A transaction under way. */
interface Unit {
  readonly client: PoolClient;
  /** Whether it raised an event. */
  raised: boolean;
  /** Numbers the savepoints: nested ones need different names. */
  savepoints: number;
}

/** The pool that TypeORM owns: statements in one round trip each, and transactions. */
@Injectable()
export class Database {
  /** Notified when a transaction that raised an event has committed. */
  readonly commits = new CommitNotifier();
  private readonly units = new Underway<Unit>();
  private readonly gate: FairGate;
  private probe: Promise<boolean> | undefined;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    this.gate = new FairGate(poolSizeOf(dataSource), GATE_WAIT_MS);
  }

  /**
   * Runs one statement that is of no client: it sees the rows of all. The one way across tenants, for what finds a tenant,
   * serves all of them at once or is about processes; each statement that takes it is listed in test/sql.
   */
  acrossTenants<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return this.query<Row>(HOUSE, statement, values);
  }

  /** The same for a client, whose id is `$1`. */
  runFor<Row extends QueryResultRow>(
    { clientId }: Holder,
    statement: Statement | UnnamedStatement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    return this.query<Row>(clientId, statement, [clientId, ...values]);
  }

  /** Runs `work` in one transaction, the one around it where there is one; all statements within join it. */
  async transaction<T>({ clientId }: Holder, work: () => Promise<T>): Promise<T> {
    return this.units.current ? work() : this.inGate(clientId, () => this.begin(work));
  }

  get isInTransaction(): boolean {
    return this.units.current !== undefined;
  }

  /** Notifies listeners of an event as soon as it is committed. */
  raised(): void {
    const unit = this.units.current;
    if (unit) {
      unit.raised = true;
    } else {
      this.commits.notify();
    }
  }

  /** Runs a part of a transaction; where it is refused, only its own changes are undone. */
  async savepoint<T>(part: () => Promise<T>): Promise<T> {
    const unit = this.units.current;
    if (!unit) {
      throw new Error('Only a transaction has parts.');
    }
    const undo = await savepoint(unit);
    try {
      return await part();
    } catch (error) {
      if (error instanceof Refusal) {
        await undo();
      }
      throw error;
    }
  }

  /**
   * In a transaction that is about to write much: what was planned on its connection is planned anew. PostgreSQL keeps plans of
   * statements and of foreign keys, made while a table was small, until it has counted its rows again.
   */
  async planAnew(): Promise<void> {
    await this.units.current?.client.query('DISCARD PLANS');
  }

  /** Undoes a part of a transaction that changed nothing, so that it keeps no locks. */
  async rollbackUnless<T>(part: () => Promise<T>, didSomething: (end: T) => boolean): Promise<T> {
    const unit = this.units.current;
    const undo = unit && (await savepoint(unit));
    const end = await part();
    if (!didSomething(end)) {
      await undo?.();
    }
    return end;
  }

  /**
   * Runs one statement; null where another row has the key. Then it changed nothing, and a transaction around it goes
   * on.
   */
  async runOrNullOnConflict<Row extends QueryResultRow>(
    holder: Holder,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[] | null> {
    const unit = this.units.current;
    const undo = unit && (await savepoint(unit));
    try {
      return await this.runFor<Row>(holder, statement, values);
    } catch (error) {
      if (codeOf(error) !== SQLSTATE.uniqueViolation) {
        throw error;
      }
      await undo?.();
      return null;
    }
  }

  /** Connections in use and free, and how many wait for one. */
  load(): { readonly used: number; readonly idle: number; readonly waiting: number } {
    if (!this.dataSource.isInitialized) {
      return { used: 0, idle: 0, waiting: this.gate.waiting };
    }
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { used: totalCount - idleCount, idle: idleCount, waiting: this.gate.waiting + waitingCount };
  }

  /**
   * Whether the database answers within a second. Callers share one query, so that asking often can't fill the pool.
   */
  isUp(): Promise<boolean> {
    this.probe ??= this.askIfUp().finally(() => {
      this.probe = undefined;
    });
    return Promise.race([this.probe, sleep(PROBE_TIMEOUT_MS, false, { ref: false })]);
  }

  private async query<Row extends QueryResultRow>(
    who: string,
    { name, text }: Statement | UnnamedStatement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const query = { name, text, values: values as unknown[] };
    const unit = this.units.current;
    if (unit) {
      return (await unit.client.query<Row>(query)).rows;
    }
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.inGate(who, async () => (await this.pool.query<Row>(query)).rows);
      } catch (error) {
        if (tries === MAX_TRIES || !RETRYABLE.has(codeOf(error))) {
          throw error;
        }
        await sleep(RETRY_STEP_MS * tries * Math.random());
      }
    }
  }

  /** A transaction enters once, not with each of its statements. */
  private async inGate<T>(who: string, work: () => Promise<T>): Promise<T> {
    const wait = this.gate.enter(who);
    if (wait) {
      await wait;
    }
    try {
      return await work();
    } finally {
      this.gate.leave(who);
    }
  }

  private async begin<T>(work: () => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const unit: Unit = { client, raised: false, savepoints: 0 };
      const end = await this.units.during(unit, () => markAsTransaction(work));
      await client.query('COMMIT');
      client.release();
      if (unit.raised) {
        this.commits.notify();
      }
      return end;
    } catch (error) {
      await giveBack(client, error);
      throw error;
    }
  }

  private async askIfUp(): Promise<boolean> {
    try {
      await this.pool.query({ text: 'SELECT 1', query_timeout: PROBE_TIMEOUT_MS } as QueryConfig);
      return true;
    } catch {
      return false;
    }
  }

  private get pool(): Pool {
    if (!this.dataSource.isInitialized) {
      throw databaseAway();
    }
    return (this.dataSource.driver as unknown as { readonly master: Pool }).master;
  }
}

function poolSizeOf({ options }: DataSource): number {
  return (options as { readonly poolSize: number }).poolSize;
}

/** @returns a function that rolls back to here */
async function savepoint(unit: Unit): Promise<() => Promise<unknown>> {
  unit.savepoints += 1;
  const name = `part_${unit.savepoints}`;
  await unit.client.query(`SAVEPOINT ${name}`);
  return () => unit.client.query(`ROLLBACK TO SAVEPOINT ${name}`);
}

/**
 * After a refusal the connection can be used again. After anything else a statement may still run on it, so it is
 * closed.
 */
async function giveBack(client: PoolClient, error: unknown): Promise<void> {
  try {
    if (error instanceof Refusal) {
      await client.query('ROLLBACK');
      client.release();
      return;
    }
  } catch {
    // The connection is gone; closing it below rolls back as well.
  }
  client.release(true);
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? '';
}
