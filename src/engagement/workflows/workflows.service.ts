import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { makeSecret } from '../../notify/webhooks/signature.js';
import { now } from '../../platform/common/clock.js';
import { notFound, tooMany, unfit } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { canonicalJson } from '../../platform/common/idempotency/canonical-json.js';
import { known, type NumberedItems, type NumberSlice } from '../number-slice.js';
import type { Definition } from './definition/definition.js';
import { nextRun } from './definition/schedule.js';
import { WorkflowReferences } from './definition/workflow-references.js';
import { hashToken, hookTokenOf } from './hook-token.js';
import type { WorkflowFilters, WorkflowSort } from './workflow-list.sql.js';
import {
  WorkflowsRepository,
  type HookedWorkflow,
  type ListedWorkflow,
  type WorkflowRow,
} from './workflows.repository.js';

export type { HookedWorkflow, ListedWorkflow, WorkflowRow, WorkflowSort };

export const MAX_WORKFLOWS = 1_000;
/** So that no transaction holds its locks for long. */
const BATCH = 1_000;

export interface WorkflowsQuery extends Omit<WorkflowFilters, 'words'>, NumberSlice {
  readonly search?: string | null;
  readonly sort: WorkflowSort;
}

/** What a team has done by itself, and whether it is. */
@Injectable()
export class WorkflowsService {
  constructor(
    private readonly workflows: WorkflowsRepository,
    private readonly references: WorkflowReferences,
  ) {}

  /** @throws Refusal 404 */
  async get(tenant: Tenant, ref: ObjectRef): Promise<WorkflowRow> {
    return found(await this.workflows.find(tenant, ref));
  }

  /** Those of these ids that are there. */
  async findMany(tenant: Tenant, ids: readonly string[]): Promise<readonly WorkflowRow[]> {
    return ids.length === 0 ? [] : this.workflows.findMany(tenant, ids);
  }

  findByToken(token: string): Promise<HookedWorkflow | null> {
    return this.workflows.findByToken(hashToken(token));
  }

  count(tenant: Tenant): Promise<number> {
    return this.workflows.count(tenant);
  }

  /** @throws Refusal 422 on `after` */
  async list(tenant: Tenant, query: WorkflowsQuery): Promise<NumberedItems<ListedWorkflow>> {
    const { search, sort, status, trigger, ...slice } = query;
    const words = (search ?? '').split(/\s+/).filter((word) => word !== '');
    const part = await known(slice, (ref) => this.workflows.find(tenant, ref));
    return this.workflows.list(tenant, { status, trigger, words }, { sort, ...part });
  }

  /** Whether its addresses may be dialled: outside of transactions. @throws Refusal 422 */
  checkUrls(tenant: Tenant, definition: Definition): Promise<void> {
    return this.references.checkUrls(tenant, definition);
  }

  /** @throws Refusal 409 where there are too many, 422 by path */
  async create(
    tenant: Tenant,
    given: { readonly name: string; readonly definition: Definition },
  ): Promise<WorkflowRow> {
    const [id, secret] = [uuidv7(), makeSecret()];
    await this.workflows.inTransaction(tenant, async () => {
      if ((await this.workflows.countToAdd(tenant)) >= MAX_WORKFLOWS) {
        throw tooMany('workflows', MAX_WORKFLOWS);
      }
      const definition = await this.references.resolve(tenant, given.definition);
      const tokenSha256 = hashToken(hookTokenOf(secret));
      await this.workflows.insert(tenant, { id, name: given.name, definition, secret, tokenSha256 });
    });
    return this.get(tenant, id);
  }

  /** Another definition is a further version; what runs goes on with its own. @throws Refusal 404, 422 by path */
  async update(
    tenant: Tenant,
    ref: ObjectRef,
    { name, definition }: { readonly name?: string | null; readonly definition?: Definition | null },
  ): Promise<WorkflowRow> {
    const id = await this.workflows.inTransaction(tenant, async () => {
      const was = found(await this.workflows.lock(tenant, ref));
      if (name != null && name !== was.name) {
        await this.workflows.rename(tenant, was.id, name);
      }
      const becomes = definition == null ? null : await this.references.resolve(tenant, definition);
      if (becomes !== null && canonicalJson(becomes) !== canonicalJson(was.definition)) {
        await this.workflows.addVersion(tenant, was.id, becomes, was.status === 'active' ? firingOf(becomes) : null);
      }
      return was.id;
    });
    return this.get(tenant, id);
  }

  /** All that it names must be there. Again, nothing changes. @throws Refusal 404, 422 by path */
  async activate(tenant: Tenant, ref: ObjectRef): Promise<WorkflowRow> {
    const id = await this.workflows.inTransaction(tenant, async () => {
      const { id: locked, status, definition } = found(await this.workflows.lock(tenant, ref));
      await this.references.resolve(tenant, definition);
      if (status !== 'active') {
        await this.workflows.activate(tenant, locked, firingOf(definition));
      }
      return locked;
    });
    return this.get(tenant, id);
  }

  /** What runs stands still until it is active again. @throws Refusal 404 */
  async pause(tenant: Tenant, ref: ObjectRef): Promise<WorkflowRow> {
    const { id } = await this.get(tenant, ref);
    await this.workflows.pause(tenant, id);
    return this.get(tenant, id);
  }

  /** @throws Refusal 404, 422 where it is active */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<void> {
    const { id, status } = await this.get(tenant, ref);
    if (status === 'active') {
      throw stillActive();
    }
    let removed = BATCH;
    while (removed === BATCH) {
      removed = await this.workflows.removeExecutions(tenant, id, BATCH);
    }
    if (!(await this.workflows.remove(tenant, id)) && (await this.workflows.find(tenant, id))) {
      throw stillActive();
    }
  }
}

function firingOf({ trigger }: Definition): Date | null {
  return trigger.type === 'schedule' ? nextRun(trigger.cron, trigger.timezone, now()) : null;
}

function stillActive() {
  return unfit('Pause the workflow before deleting it.');
}

function found(row: WorkflowRow | null): WorkflowRow {
  if (!row) {
    throw notFound('workflow');
  }
  return row;
}
