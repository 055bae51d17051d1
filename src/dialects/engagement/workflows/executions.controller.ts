import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { uuidv7 } from 'uuidv7';
import { DryRuns } from '../../../engagement/workflows/running/dry-runs.js';
import { ExecutionsService } from '../../../engagement/workflows/running/executions.service.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, data, type Data } from '../http/answers.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { sliceIn } from '../http/list-query.js';
import { ObjectParam } from '../http/object-param.js';
import {
  DryRunDto,
  DryRunWorkflowDto,
  ExecutionDto,
  ExecutionsQueryDto,
  TriggeredDto,
  TriggerWorkflowDto,
} from './execution.dto.js';
import { presentExecution } from './executions.presenter.js';

@ApiTags('workflows')
@Controller('api/v1/workflows/:id')
export class ExecutionsController {
  constructor(
    private readonly executions: ExecutionsService,
    private readonly dryRuns: DryRuns,
  ) {}

  @Get('executions')
  @Allows('workflows', 'viewer')
  @Operation('List executions', {
    id: 'listExecutions',
    description: 'Newest first. They are kept for 90 days after they ended.',
  })
  @AnswersListPageOf(ExecutionDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('workflow') workflow: ObjectRef,
    @Query() query: ExecutionsQueryDto,
  ): Promise<ListPage<ExecutionDto>> {
    const slice = { ...sliceIn(query), direction: query.sortDir };
    const page = await this.executions.list(tenant, workflow, query.state ?? null, slice);
    return new ListPage(page.items.map(presentExecution), query, page);
  }

  @Get('executions/:execution')
  @Allows('workflows', 'viewer')
  @Operation('Retrieve execution', { id: 'getExecution' })
  @Answers(ExecutionDto, { description: 'The execution.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('workflow') workflow: ObjectRef,
    @ObjectParam('execution', { name: 'execution' }) ref: ObjectRef,
  ): Promise<Data<ExecutionDto>> {
    return data(presentExecution(await this.executions.get(tenant, workflow, ref)));
  }

  @Post('executions/:execution/cancel')
  @HttpCode(200)
  @Allows('workflows', 'admin')
  @Operation('Cancel execution', {
    id: 'cancelExecution',
    description: 'It does nothing more; what it did stays.',
    says: { 422: 'The execution has ended already.' },
  })
  @Idempotent()
  @Answers(ExecutionDto, { description: 'The execution.' })
  async cancel(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('workflow') workflow: ObjectRef,
    @ObjectParam('execution', { name: 'execution' }) ref: ObjectRef,
  ): Promise<Data<ExecutionDto>> {
    return data(presentExecution(await this.executions.cancel(tenant, workflow, ref)));
  }

  @Post('trigger')
  @Allows('workflows', 'agent')
  @Operation('Trigger workflow', {
    id: 'triggerWorkflow',
    description:
      'Whatever its trigger is. Its conditions and limits hold all the same: the execution says whether it was skipped.',
  })
  @Idempotent()
  @Answers(TriggeredDto, { status: 202, description: 'The execution.' })
  async trigger(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('workflow') workflow: ObjectRef,
    @Body() { contactId, payload }: TriggerWorkflowDto,
  ): Promise<Data<TriggeredDto>> {
    const event = `trigger:${uuidv7()}`;
    const given = { contact: contactId ?? null, payload: payload ?? {}, event };
    return data({ execution_id: (await this.executions.trigger(tenant, workflow, given)).number });
  }

  @Post('dry-run')
  @HttpCode(200)
  @Allows('workflows', 'agent')
  @Operation('Try workflow', {
    id: 'dryRunWorkflow',
    description:
      'The steps that it would take now, active or not, each after what those before it would have done. Nothing is done: nothing is sent, no webhook is called, no model is asked. Waits end at once, as if nobody wrote. Whether it may run again for the contact, and its limits, are not looked at.',
  })
  @Idempotent()
  @Answers(DryRunDto, { description: 'What it would do.' })
  async dryRun(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('workflow') workflow: ObjectRef,
    @Body() { contactId = null, conversationId = null, payload }: DryRunWorkflowDto,
  ): Promise<Data<DryRunDto>> {
    const trial = { contact: contactId, conversation: conversationId, payload: payload ?? {} };
    return data(await this.dryRuns.try(tenant, workflow, trial));
  }
}
