import { Injectable } from '@nestjs/common';
import { LOCK_CLIENT } from '../../clients/client-lock.sql.js';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { Binding } from '../binding.js';
import { itemsOf, type NumberedItems } from '../number-slice.js';
import type { Definition } from './definition/definition.js';
import { pageOfWorkflows, type WorkflowFilters, type WorkflowPage } from './workflow-list.sql.js';
import type { Workflow } from './workflow.entity.js';
import * as SQL from './workflows.sql.js';

export type ListedWorkflow = Pick<
  Workflow,
  'id' | 'name' | 'status' | 'triggerType' | 'version' | 'executionsCount' | 'createdAt' | 'updatedAt'
> & { readonly number: number; readonly definition: Definition };
export type WorkflowRow = ListedWorkflow & Pick<Workflow, 'secret'>;

/** Where a request to an address of a workflow belongs. */
export interface HookedWorkflow {
  readonly clientId: string;
  readonly livemode: boolean;
  readonly id: string;
}

type Row<T> = T & Record<string, unknown>;

@Injectable()
export class WorkflowsRepository extends TenantRepository {
  constructor(private readonly shared: Database) {
    super(shared);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  /** In a transaction, until whose end nobody else adds to them. */
  async countToAdd(tenant: Tenant): Promise<number> {
    await this.row(tenant, LOCK_CLIENT);
    return this.count(tenant);
  }

  async count(tenant: Tenant): Promise<number> {
    return (await this.row<{ total: number }>(tenant, SQL.COUNT))!.total;
  }

  async find(tenant: Tenant, ref: ObjectRef): Promise<WorkflowRow | null> {
    return (await this.row<Row<WorkflowRow>>(tenant, SQL.FIND, ...refValues(ref))) ?? null;
  }

  /** Nobody else changes it until the end of the transaction. */
  async lock(tenant: Tenant, ref: ObjectRef): Promise<WorkflowRow | null> {
    return (await this.row<Row<WorkflowRow>>(tenant, SQL.LOCK, ...refValues(ref))) ?? null;
  }

  findMany(tenant: Tenant, ids: readonly string[]): Promise<WorkflowRow[]> {
    return this.rows<Row<WorkflowRow>>(tenant, SQL.FIND_MANY, ids);
  }

  async findByToken(tokenSha256: Buffer): Promise<HookedWorkflow | null> {
    const [found] = await this.shared.acrossTenants<Row<HookedWorkflow>>(SQL.FIND_BY_TOKEN, [tokenSha256]);
    return found ?? null;
  }

  async list(tenant: Tenant, filters: WorkflowFilters, page: WorkflowPage): Promise<NumberedItems<ListedWorkflow>> {
    const binding = new Binding();
    const text = pageOfWorkflows(filters, { ...page, limit: page.limit + 1 }, binding);
    const rows = await this.rows<Row<ListedWorkflow> & { readonly totalItems: number }>(
      ...([tenant, { text }, ...binding.values] as const),
    );
    return itemsOf(rows, page.limit);
  }

  async insert(
    tenant: Tenant,
    workflow: {
      readonly id: string;
      readonly name: string;
      readonly definition: Definition;
      readonly secret: string;
      readonly tokenSha256: Buffer;
    },
  ): Promise<void> {
    const { id, name, definition, secret, tokenSha256 } = workflow;
    const values = [id, name, definition.trigger.type, JSON.stringify(definition), secret, tokenSha256];
    await this.row(tenant, SQL.CREATE, ...values);
  }

  async rename(tenant: Tenant, id: string, name: string): Promise<void> {
    await this.row(tenant, SQL.RENAME, id, name);
  }

  /** Of one that is locked. */
  async addVersion(tenant: Tenant, id: string, definition: Definition, fireAt: Date | null): Promise<void> {
    await this.row(tenant, SQL.ADD_VERSION, id, definition.trigger.type, JSON.stringify(definition), fireAt);
    await this.row(tenant, SQL.DROP_VERSIONS, id);
  }

  /** What stood still goes on. */
  async activate(tenant: Tenant, id: string, fireAt: Date | null): Promise<void> {
    await this.row(tenant, SQL.ACTIVATE, id, fireAt);
    await this.rows(tenant, SQL.WAKE, id);
  }

  async pause(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, SQL.PAUSE, id);
  }

  async removeExecutions(tenant: Tenant, id: string, most: number): Promise<number> {
    return (await this.rows(tenant, SQL.REMOVE_EXECUTIONS, id, most)).length;
  }

  /** False where it is active. */
  async remove(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.row(tenant, SQL.REMOVE, id)) !== undefined;
  }

  async findAssignable(tenant: Tenant, ref: ObjectRef): Promise<{ readonly number: number } | null> {
    return (await this.row<{ number: number }>(tenant, SQL.FIND_ASSIGNABLE, ...refValues(ref))) ?? null;
  }

  async findSegment(tenant: Tenant, ref: ObjectRef): Promise<{ readonly number: number } | null> {
    return (await this.row<{ number: number }>(tenant, SQL.FIND_SEGMENT, ...refValues(ref))) ?? null;
  }
}
