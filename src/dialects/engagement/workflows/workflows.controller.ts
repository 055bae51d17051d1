import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Config } from '../../../config.js';
import type { Definition } from '../../../engagement/workflows/definition/definition.js';
import { readDefinition } from '../../../engagement/workflows/definition/read-definition.js';
import { WORKFLOW_TEMPLATES } from '../../../engagement/workflows/definition/templates.js';
import { WorkflowsService } from '../../../engagement/workflows/workflows.service.js';
import { Staged } from '../../../platform/common/idempotency/staged.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { siteOf } from '../../../users/mails/link-to.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersAllOf, AnswersNothing, data, type Data } from '../http/answers.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { sliceIn } from '../http/list-query.js';
import { ObjectParam } from '../http/object-param.js';
import {
  CreateWorkflowDto,
  UpdateWorkflowDto,
  WorkflowDto,
  WorkflowSecretsDto,
  WorkflowsQueryDto,
  WorkflowTemplateDto,
} from './workflow.dto.js';
import { presentSecrets, presentWorkflow } from './workflows.presenter.js';

@ApiTags('workflows')
@Controller('api/v1/workflows')
export class WorkflowsController {
  constructor(
    private readonly workflows: WorkflowsService,
    @Inject(Config) private readonly settings: Pick<Config, 'publicUrl' | 'port'>,
  ) {}

  @Get()
  @Allows('workflows', 'viewer')
  @Operation('List workflows', { id: 'listWorkflows', description: 'Newest first.' })
  @AnswersListPageOf(WorkflowDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: WorkflowsQueryDto): Promise<ListPage<WorkflowDto>> {
    const { search, status, trigger, sortBy, sortDir: direction } = query;
    const order = { sort: sortBy ?? 'created_at', direction } as const;
    const slice = sliceIn(query, 'created_at');
    const page = await this.workflows.list(tenant, { search, status, trigger, ...order, ...slice });
    return new ListPage(page.items.map(presentWorkflow), query, page);
  }

  @Post()
  @Allows('workflows', 'agent')
  @Operation('Create workflow', {
    id: 'createWorkflow',
    description:
      'A draft: it does nothing before it is activated. What is wrong with the definition is told by path, such as `definition.steps.2.tag_id`. A workspace has at most 1,000.',
  })
  @Idempotent({ staged: true })
  @Answers(WorkflowDto, { status: 201, description: 'The workflow.' })
  create(
    @CurrentTenant() tenant: Tenant,
    @Body() { name, definition: given }: CreateWorkflowDto,
  ): Staged<Definition, Data<WorkflowDto>> {
    return new Staged(
      () => this.read(tenant, given),
      async (definition) => data(presentWorkflow(await this.workflows.create(tenant, { name, definition }))),
    );
  }

  @Get('templates')
  @Allows('workflows', 'viewer')
  @Operation('List workflow templates', {
    id: 'listWorkflowTemplates',
    description: 'Ready to use: make a workflow with the name and the definition of one, and change what you like.',
  })
  @AnswersAllOf(WorkflowTemplateDto, { description: 'The templates.' })
  templates(): Data<readonly WorkflowTemplateDto[]> {
    return data(WORKFLOW_TEMPLATES);
  }

  @Get(':id')
  @Allows('workflows', 'viewer')
  @Operation('Retrieve workflow', { id: 'getWorkflow' })
  @Answers(WorkflowDto, { description: 'The workflow.' })
  async get(@CurrentTenant() tenant: Tenant, @ObjectParam('workflow') ref: ObjectRef): Promise<Data<WorkflowDto>> {
    return data(presentWorkflow(await this.workflows.get(tenant, ref)));
  }

  @Get(':id/secrets')
  @Allows('workflows', 'admin')
  @Operation('Retrieve secrets of workflow', { id: 'getWorkflowSecrets' })
  @Answers(WorkflowSecretsDto, { description: 'The secrets.' })
  async secrets(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('workflow') ref: ObjectRef,
  ): Promise<Data<WorkflowSecretsDto>> {
    return data(presentSecrets(await this.workflows.get(tenant, ref), siteOf(this.settings)));
  }

  @Put(':id')
  @Allows('workflows', 'agent')
  @Operation('Update workflow', {
    id: 'updateWorkflow',
    description: 'Another definition is a further version: what runs already goes on with the one it began with.',
  })
  @Answers(WorkflowDto, { description: 'The workflow.' })
  async update(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('workflow') ref: ObjectRef,
    @Body() { name, definition: given }: UpdateWorkflowDto,
  ): Promise<Data<WorkflowDto>> {
    const definition = given == null ? null : await this.read(tenant, given);
    return data(presentWorkflow(await this.workflows.update(tenant, ref, { name, definition })));
  }

  @Post(':id/activate')
  @HttpCode(200)
  @Allows('workflows', 'admin')
  @Operation('Activate workflow', {
    id: 'activateWorkflow',
    description: 'It runs from now on, and what stood still of it goes on. All that it names must be there.',
  })
  @Idempotent()
  @Answers(WorkflowDto, { description: 'The workflow.' })
  async activate(@CurrentTenant() tenant: Tenant, @ObjectParam('workflow') ref: ObjectRef): Promise<Data<WorkflowDto>> {
    return data(presentWorkflow(await this.workflows.activate(tenant, ref)));
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Allows('workflows', 'admin')
  @Operation('Pause workflow', {
    id: 'pauseWorkflow',
    description: 'Nothing triggers it any more, and what runs of it stands still until it is active again.',
  })
  @Idempotent()
  @Answers(WorkflowDto, { description: 'The workflow.' })
  async pause(@CurrentTenant() tenant: Tenant, @ObjectParam('workflow') ref: ObjectRef): Promise<Data<WorkflowDto>> {
    return data(presentWorkflow(await this.workflows.pause(tenant, ref)));
  }

  @Delete(':id')
  @Allows('workflows', 'admin')
  @Operation('Delete workflow', {
    id: 'deleteWorkflow',
    says: { 422: 'Pause the workflow before deleting it.' },
  })
  @AnswersNothing('The workflow is gone, and its executions.')
  remove(@CurrentTenant() tenant: Tenant, @ObjectParam('workflow') ref: ObjectRef): Promise<void> {
    return this.workflows.remove(tenant, ref);
  }

  /** @throws Refusal 422 by path */
  private async read(tenant: Tenant, given: unknown): Promise<Definition> {
    const definition = readDefinition(given);
    await this.workflows.checkUrls(tenant, definition);
    return definition;
  }
}
