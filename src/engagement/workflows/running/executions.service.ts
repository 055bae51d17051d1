import { Injectable } from '@nestjs/common';
import { invalid, notFound, unfit } from '../../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ContactListsService } from '../../contacts/contact-lists.service.js';
import { known, type NumberSlice } from '../../number-slice.js';
import { Admissions } from '../triggers/admissions.js';
import { WorkflowsRepository } from '../workflows.repository.js';
import { executionIn } from '../steps/webhook-step.js';
import type { ExecutionState } from './execution.entity.js';
import { ExecutionsRepository, type ExecutionRow, type LoggedStep } from './executions.repository.js';

export type { LoggedStep };
export type LoggedExecution = ExecutionRow & { readonly steps: readonly LoggedStep[] };

/** What somebody triggers a workflow with. */
export interface Triggering {
  readonly contact: ObjectRef | null;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The same again is the same execution. */
  readonly event: string;
}

/** What became of workflows. */
@Injectable()
export class ExecutionsService {
  constructor(
    private readonly executions: ExecutionsRepository,
    private readonly workflows: WorkflowsRepository,
    private readonly admissions: Admissions,
    private readonly contacts: ContactListsService,
  ) {}

  /** Newest first. @throws Refusal 404, 422 on `after` */
  async list(
    tenant: Tenant,
    workflow: ObjectRef,
    state: ExecutionState | null,
    slice: NumberSlice,
  ): Promise<{ readonly items: readonly LoggedExecution[]; readonly total: number; readonly hasMore: boolean }> {
    const { id } = await this.workflowOf(tenant, workflow);
    const part = await known(slice, (ref) => this.executions.find(tenant, id, ref));
    const { items, ...page } = await this.executions.list(tenant, id, state, part);
    return { items: await this.withSteps(tenant, items), ...page };
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, workflow: ObjectRef, ref: ObjectRef): Promise<LoggedExecution> {
    const of = await this.workflows.find(tenant, workflow);
    const found = of && (await this.executions.find(tenant, of.id, ref));
    if (!found) {
      throw notFound('execution');
    }
    return (await this.withSteps(tenant, [found]))[0]!;
  }

  /** Those of these ids that are there. */
  async findMany(tenant: Tenant, ids: readonly string[]): Promise<readonly LoggedExecution[]> {
    return ids.length === 0 ? [] : this.withSteps(tenant, await this.executions.findMany(tenant, ids));
  }

  /** @throws Refusal 404, 422 where it has ended */
  async cancel(tenant: Tenant, workflow: ObjectRef, ref: ObjectRef): Promise<LoggedExecution> {
    const { id, number } = await this.get(tenant, workflow, ref);
    if (!(await this.executions.cancel(tenant, id))) {
      throw unfit('The execution has ended already.');
    }
    return this.get(tenant, workflow, number);
  }

  /** By somebody, or by a program: one execution for one event, which may be skipped. @throws Refusal 404, 422 on `contact_id` */
  async trigger(tenant: Tenant, workflow: ObjectRef, { contact, payload, event }: Triggering): Promise<ExecutionRow> {
    const contactId = contact === null ? null : await this.contacts.findId(tenant, contact);
    if (contact !== null && contactId === null) {
      unknownContact();
    }
    return this.executions.inTransaction(tenant, async () => {
      const { id } = await this.workflowOf(tenant, workflow);
      await this.executions.hold(tenant);
      const former = await this.executions.findOfEvent(tenant, id, event);
      if (former) {
        return former;
      }
      const triggered = await this.workflowOf(tenant, id);
      const chain = await this.chainOf(tenant, event);
      const trigger = { type: 'webhook', ...payload };
      const cause = { event, contactId, channelId: null, conversation: null, trigger, chain };
      await this.admissions.admit(tenant, triggered, [cause]);
      const made = await this.executions.findOfEvent(tenant, id, event);
      if (!made) {
        unknownContact();
      }
      return made;
    });
  }

  /** A webhook of a workflow that triggers another carries on its chain: by its id it is known, wherever it came through. */
  private async chainOf(tenant: Tenant, event: string): Promise<readonly string[]> {
    const id = executionIn(event.replace(/^hook:/, ''));
    const [from] = id === null ? [] : await this.executions.findMany(tenant, [id]);
    return from ? [...from.chain, from.workflowId] : [];
  }

  private async workflowOf(tenant: Tenant, ref: ObjectRef) {
    const workflow = await this.workflows.find(tenant, ref);
    if (!workflow) {
      throw notFound('workflow');
    }
    return workflow;
  }

  private async withSteps(tenant: Tenant, rows: readonly ExecutionRow[]): Promise<LoggedExecution[]> {
    const steps = await this.executions.stepsOf(
      tenant,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => ({ ...row, steps: steps.get(row.id) ?? [] }));
  }
}

function unknownContact(): never {
  throw invalid('contact_id', 'The selected contact_id is invalid.');
}
