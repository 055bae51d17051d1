import { Injectable } from '@nestjs/common';
import { now } from '../../../platform/common/clock.js';
import { refValues, type ObjectRef } from '../../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import { Binding } from '../../binding.js';
import type { KnownSlice } from '../../number-slice.js';
import { idsIn, type NamedRow } from '../../segments/filter-ids.js';
import type { Condition } from '../../segments/filter.js';
import { FIND_NAMED } from '../../segments/segments.sql.js';
import type { Definition } from '../definition/definition.js';
import { heldBy } from './conditions.sql.js';
import type { ExecutionStep, StepStatus } from './execution-step.entity.js';
import type { Execution, ExecutionState } from './execution.entity.js';
import * as SQL from './executions.sql.js';

export type NewExecution = Pick<
  Execution,
  | 'id'
  | 'workflowId'
  | 'version'
  | 'event'
  | 'state'
  | 'reason'
  | 'contactId'
  | 'channelId'
  | 'step'
  | 'trigger'
  | 'chain'
>;
export type ExecutionRow = NewExecution &
  Pick<Execution, 'wakeAt' | 'waitsSince' | 'hasCome' | 'attempts' | 'run' | 'createdAt' | 'endedAt'> & {
    readonly number: number;
    readonly contactNumber: number | null;
    readonly conversationNumber: number | null;
  };

/** One that a worker has taken. */
export type ExecutionJob = Omit<ExecutionRow, 'contactNumber' | 'conversationNumber'> & {
  readonly clientId: string;
  readonly livemode: boolean;
  readonly definition: Definition;
  readonly workflowNumber: number;
  /** Whether its workflow is active. */
  readonly isActive: boolean;
};

export type LoggedStep = Pick<
  ExecutionStep,
  'type' | 'status' | 'attempt' | 'startedAt' | 'finishedAt' | 'output' | 'error'
> & { readonly id: string };

/** Where a step leaves its execution. */
export interface Move {
  readonly state: ExecutionState;
  /** What comes next. */
  readonly step: string | null;
  /** Null: it is over. */
  readonly dueInMs: number | null;
  readonly awaits?: 'contact_replied' | null;
  readonly attempts?: number;
  readonly reason?: string | null;
  /** Whether who has it goes on with it. */
  readonly isKept?: boolean;
  readonly log: {
    readonly id: string;
    readonly type: string;
    readonly status: StepStatus;
    readonly attempt: number;
    readonly startedAt: Date;
    readonly output?: object | null;
    readonly error?: string | null;
  };
}

type Row<T> = T & Record<string, unknown>;
type Taken = Pick<ExecutionRow, 'id' | 'run'>;

@Injectable()
export class ExecutionsRepository extends TenantRepository {
  constructor(private readonly shared: Database) {
    super(shared);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  /** What `work` changes is undone again. */
  undone<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, () => this.shared.rollbackUnless(work, () => false));
  }

  /** In a transaction, until whose end nobody else makes executions of this client. */
  async hold(tenant: Tenant): Promise<void> {
    await this.row(tenant, SQL.HOLD);
  }

  async insert(tenant: Tenant, executions: readonly NewExecution[]): Promise<void> {
    if (executions.length > 0) {
      await this.rows(tenant, SQL.INSERT, JSON.stringify(executions));
    }
  }

  async findOfEvent(tenant: Tenant, workflowId: string, event: string): Promise<ExecutionRow | null> {
    return (await this.row<Row<ExecutionRow>>(tenant, SQL.FIND_OF_EVENT, workflowId, event)) ?? null;
  }

  async find(tenant: Tenant, workflowId: string, ref: ObjectRef): Promise<ExecutionRow | null> {
    return (await this.row<Row<ExecutionRow>>(tenant, SQL.FIND, workflowId, ...refValues(ref))) ?? null;
  }

  findMany(tenant: Tenant, ids: readonly string[]): Promise<ExecutionRow[]> {
    return this.rows<Row<ExecutionRow>>(tenant, SQL.FIND_MANY, ids);
  }

  async list(
    tenant: Tenant,
    workflowId: string,
    state: ExecutionState | null,
    { limit, offset, after, direction }: KnownSlice,
  ): Promise<{ readonly items: readonly ExecutionRow[]; readonly total: number; readonly hasMore: boolean }> {
    const { total } = (await this.row<{ total: number }>(tenant, SQL.COUNT, workflowId, state))!;
    const values = [workflowId, state, limit + 1, offset, after] as const;
    const rows = await this.rows<Row<ExecutionRow>>(tenant, SQL.LIST[direction], ...values);
    return { items: rows.slice(0, limit), total, hasMore: rows.length > limit };
  }

  /** By executions. */
  async stepsOf(tenant: Tenant, executionIds: readonly string[]): Promise<ReadonlyMap<string, readonly LoggedStep[]>> {
    const steps = new Map<string, LoggedStep[]>();
    const rows = executionIds.length === 0 ? [] : await this.loggedOf(tenant, executionIds);
    for (const { executionId, ...step } of rows) {
      steps.set(executionId, [...(steps.get(executionId) ?? []), step]);
    }
    return steps;
  }

  /** Of whichever clients have waited longest, but none of `except`. */
  claim(except: readonly string[], replicaId: string, most: number): Promise<ExecutionJob[]> {
    return this.shared.acrossTenants<Row<ExecutionJob>>(SQL.CLAIM, [except, replicaId, most]);
  }

  async park(tenant: Tenant, { id, run, workflowId }: Taken & Pick<ExecutionRow, 'workflowId'>): Promise<void> {
    await this.row(tenant, SQL.PARK, id, run, workflowId);
  }

  /** In the transaction of a step: what it does is done by these workflows, one after another. */
  async begin(tenant: Tenant, chain: readonly string[]): Promise<void> {
    await this.row(tenant, SQL.BEGIN, chain.join(','));
  }

  /** @returns whether its workflow is active; null where somebody took it since, or it was cancelled */
  async move(tenant: Tenant, { id, run }: Taken, move: Move): Promise<boolean | null> {
    const { log, state, step, dueInMs, awaits = null, attempts = 0, reason = null, isKept = false } = move;
    const { output = null, error = null } = log;
    const logged = [log.id, log.type, log.status, log.attempt, log.startedAt, output && JSON.stringify(output), error];
    const row = await this.row<{ isActive: boolean }>(
      ...([tenant, SQL.MOVE, id, run, ...logged, state, step, dueInMs, awaits, attempts, reason, isKept] as const),
    );
    return row?.isActive ?? null;
  }

  /** @param hasStumbled whether something of ours went wrong: then it is tried so many times, ever later */
  async release(tenant: Tenant, { id, run }: Taken, hasStumbled: boolean): Promise<void> {
    await this.row(tenant, SQL.RELEASE, id, run, hasStumbled);
  }

  /** False where it had ended. */
  async cancel(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.row(tenant, SQL.CANCEL, id)) !== undefined;
  }

  async hasWritten(tenant: Tenant, contactId: string, since: Date): Promise<boolean> {
    return (await this.row<{ hasWritten: boolean }>(tenant, SQL.HAS_WRITTEN, contactId, since))!.hasWritten;
  }

  async newestConversation(tenant: Tenant, contactId: string): Promise<string | null> {
    return (await this.row<{ id: string }>(tenant, SQL.NEWEST_CONVERSATION, contactId))?.id ?? null;
  }

  async markAutomatic(tenant: Tenant, messageId: string, isAnswer: boolean): Promise<void> {
    await this.row(tenant, SQL.MARK_AUTOMATIC, messageId, isAnswer);
  }

  async workspaceName(tenant: Tenant): Promise<string> {
    return (await this.row<{ name: string }>(tenant, SQL.WORKSPACE_NAME))!.name;
  }

  /** Of those contacts that are there: which of these conditions hold. */
  async held(
    tenant: Tenant,
    leaves: readonly Condition[],
    contactIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly boolean[]>> {
    const binding = new Binding();
    const ids = await idsIn({ all: leaves }, (...numbers) => this.rows<NamedRow>(tenant, FIND_NAMED, ...numbers));
    const text = heldBy(leaves, contactIds, { now: now(), ids }, binding);
    const rows = await this.rows<{ id: string; held: boolean[] }>(tenant, { text }, ...binding.values);
    return new Map(rows.map(({ id, held }) => [id, held]));
  }

  private loggedOf(tenant: Tenant, executionIds: readonly string[]) {
    return this.rows<Row<LoggedStep> & { readonly executionId: string }>(tenant, SQL.STEPS, executionIds);
  }
}
