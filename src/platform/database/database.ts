import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Pool, PoolClient, QueryConfig, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { databaseAway } from '../common/errors/database-failure.js';
import { Refusal } from '../common/errors/refusal.js';
import { asTransaction } from '../common/outside-transactions.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { CommitNotifier } from './commit-notifier.js';
import { FairGate, HOUSE } from './fair-gate.js';
import type { Statement } from './statement.js';

/** A deadlock victim (40P01) or a serialization failure (40001) left nothing behind, so it may simply run again. */
const TRY_AGAIN = new Set(['40P01', '40001']);
const MAX_TRIES = 3;
/** PostgreSQL's code for a key that another row has. */
const UNIQUE_VIOLATION = '23505';
/** A client that asks for a thousand things at once waits for itself; who waits longer than this is told to come back. */
const GATE_WAIT_MS = 5_000;
/** Milliseconds, times a random number below 1, times the try. */
const PAUSE = 20;
/** Milliseconds in which a database that is up has answered. */
const PATIENCE = 1_000;

/** Whose share of the pool something takes. */
export type Holder = Pick<Tenant, 'clientId'>;

/** A transaction under way. */
interface Unit {
  readonly client: PoolClient;
  /** Whether it raised an event. */
  raised: boolean;
  /** How many savepoints it has set; each has a name of its own, so that one within another does not hide it. */
  savepoints: number;
}

/** The pool that TypeORM owns: statements in one round trip each, and transactions. */
@Injectable()
export class Database {
  /** Rings when what raised an event has committed. */
  readonly commits = new CommitNotifier();
  private readonly unit = new AsyncLocalStorage<Unit>();
  private readonly gate: FairGate;
  private question: Promise<boolean> | undefined;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    this.gate = new FairGate(poolSizeOf(dataSource), GATE_WAIT_MS);
  }

  /** Runs one statement that is of no client, in the transaction around it where there is one. */
  run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return this.query<Row>(HOUSE, statement, values);
  }

  /** The same for a client, whose id is `$1`. */
  runFor<Row extends QueryResultRow>(
    { clientId }: Holder,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    return this.query<Row>(clientId, statement, [clientId, ...values]);
  }

  /** Runs `work` in one transaction, the one around it where there is one; every statement in it joins by itself. */
  async transaction<T>({ clientId }: Holder, work: () => Promise<T>): Promise<T> {
    return this.unit.getStore() ? work() : this.inGate(clientId, () => this.begin(work));
  }

  /** Tells whoever waits for events that there is one: as soon as it is committed. */
  raised(): void {
    const unit = this.unit.getStore();
    if (unit) {
      unit.raised = true;
    } else {
      this.commits.notify();
    }
  }

  /** Runs a part of a transaction; where it fails, only its own changes are undone. */
  async savepoint<T>(part: () => Promise<T>): Promise<T> {
    const unit = this.unit.getStore();
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

  /** Runs a part, of a transaction or not, that keeps no locks where it did nothing. */
  async rollbackUnless<T>(part: () => Promise<T>, didSomething: (end: T) => boolean): Promise<T> {
    const unit = this.unit.getStore();
    const undo = unit && (await savepoint(unit));
    const end = await part();
    if (!didSomething(end)) {
      await undo?.();
    }
    return end;
  }

  /** Runs one statement; null where a key is another row's. Nothing of it stays then, and a transaction around it goes on. */
  async runOrNullOnConflict<Row extends QueryResultRow>(
    holder: Holder,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[] | null> {
    const unit = this.unit.getStore();
    const undo = unit && (await savepoint(unit));
    try {
      return await this.runFor<Row>(holder, statement, values);
    } catch (error) {
      if (codeOf(error) !== UNIQUE_VIOLATION) {
        throw error;
      }
      await undo?.();
      return null;
    }
  }

  /** Whether the database answers within a second. Callers share one question, so that asking often can't fill the pool. */
  isUp(): Promise<boolean> {
    this.question ??= this.ask().finally(() => {
      this.question = undefined;
    });
    return Promise.race([this.question, sleep(PATIENCE, false, { ref: false })]);
  }

  private async query<Row extends QueryResultRow>(
    who: string,
    { name, text }: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const query = { name, text, values: values as unknown[] };
    const unit = this.unit.getStore();
    if (unit) {
      return (await unit.client.query<Row>(query)).rows;
    }
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.inGate(who, async () => (await this.pool.query<Row>(query)).rows);
      } catch (error) {
        if (tries === MAX_TRIES || !TRY_AGAIN.has(codeOf(error))) {
          throw error;
        }
        await sleep(PAUSE * tries * Math.random());
      }
    }
  }

  /** Within, a statement of the transaction needs no place of its own. */
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
      const end = await this.unit.run(unit, () => asTransaction(work));
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

  private async ask(): Promise<boolean> {
    try {
      await this.pool.query({ text: 'SELECT 1', query_timeout: PATIENCE } as QueryConfig);
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

/** Answers how to go back to here. */
async function savepoint(unit: Unit): Promise<() => Promise<unknown>> {
  unit.savepoints += 1;
  const name = `part_${unit.savepoints}`;
  await unit.client.query(`SAVEPOINT ${name}`);
  return () => unit.client.query(`ROLLBACK TO SAVEPOINT ${name}`);
}

/** A refusal leaves the connection sound. After anything else nobody knows what is still under way on it, so it is closed. */
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
