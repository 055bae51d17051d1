import { Injectable } from '@nestjs/common';
import { ExecutionsService } from '../../../engagement/workflows/running/executions.service.js';
import { WorkflowsService } from '../../../engagement/workflows/workflows.service.js';
import { FurtherEvents, type EventSource, type FurtherEvent } from '../../../notify/events/further-events.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { presentExecution } from '../workflows/executions.presenter.js';
import { presentWorkflow } from '../workflows/workflows.presenter.js';
import { WORKFLOW_EVENT_TYPES } from './event.dto.js';

/** The events of workflows and their executions: how each is by now, and `deleted` where it is gone. */
@Injectable()
export class WorkflowEvents implements EventSource {
  readonly types = WORKFLOW_EVENT_TYPES;

  constructor(
    further: FurtherEvents,
    private readonly workflows: WorkflowsService,
    private readonly executions: ExecutionsService,
  ) {
    further.add(this);
  }

  async present(tenant: Tenant, events: readonly FurtherEvent[]): Promise<object[]> {
    const told = events.map(({ type, data }) => ({
      type,
      ...(data as { readonly id: string; readonly number: number }),
    }));
    const idsOf = (kind: string): string[] => [
      ...new Set(told.filter(({ type }) => type.startsWith(kind)).map(({ id }) => id)),
    ];
    const workflows = await this.workflows.findMany(tenant, idsOf('workflow.'));
    const executions = await this.executions.findMany(tenant, idsOf('execution.'));
    const shown = new Map<string, object>([
      ...workflows.map((one) => [one.id, presentWorkflow(one)] as const),
      ...executions.map((one) => [one.id, presentExecution(one)] as const),
    ]);
    return told.map(({ id, number }) => shown.get(id) ?? { id: number, uuid: id, deleted: true });
  }
}
