import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { TemplatesService } from '../../../delivery/templates/templates.service.js';
import { IdParam } from '../../../platform/common/ids/id-param.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, CurrentTenant, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { AuditLog } from '../../../workspaces/audit/audit-log.js';
import { Fails } from '../http/fails.js';
import { AnswersPageOf, numberedPage, sliceOf, SmsPageQuery, type NumberedPage } from '../http/sms-page.js';
import { CreateTemplateDto, TemplateDto, UpdateTemplateDto } from './template.dto.js';
import { presentTemplate } from './template.presenter.js';

@ApiTags('templates')
@Controller('api/ui/workspaces/:workspaceId/templates')
export class TemplatesController {
  constructor(
    private readonly templates: TemplatesService,
    private readonly audit: AuditLog,
  ) {}

  @Post()
  @RequiresRole('agent')
  @Idempotent()
  @Operation('Create template', {
    id: 'createTemplate',
    description:
      'A message names it as `templateId`, and what to fill in as `variables`. A workspace has at most 1,000.',
  })
  @Fails('body_too_long', 'conflict')
  @ApiResponse({ status: 201, type: TemplateDto, description: 'The new template.' })
  async create(@CurrentMember() { tenant, userId }: MemberAuth, @Body() body: CreateTemplateDto): Promise<TemplateDto> {
    const made = await this.audit.during(
      { tenant, userId },
      'template.created',
      () => this.templates.create(tenant, body),
      ({ id, name }) => ({ subject: formatId('template', id), details: { name } }),
    );
    return presentTemplate(made);
  }

  @Get()
  @RequiresRole('viewer')
  @Operation('List templates', { id: 'listTemplates', description: 'Newest first.' })
  @AnswersPageOf(TemplateDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: SmsPageQuery): Promise<NumberedPage<TemplateDto>> {
    const { items, total } = await this.templates.list(tenant, sliceOf(query));
    return numberedPage(items.map(presentTemplate), query, total);
  }

  @Get(':templateId')
  @RequiresRole('viewer')
  @Operation('Retrieve template', { id: 'getTemplate' })
  @ApiResponse({ status: 200, type: TemplateDto, description: 'The template.' })
  async get(@CurrentTenant() tenant: Tenant, @IdParam('template', 'templateId') id: string): Promise<TemplateDto> {
    return presentTemplate(await this.templates.get(tenant, id));
  }

  @Patch(':templateId')
  @RequiresRole('agent')
  @Operation('Update template', {
    id: 'updateTemplate',
    description: 'Fields that are left out stay unchanged. Messages that are scheduled already say what it said.',
  })
  @Fails('body_too_long', 'conflict')
  @ApiResponse({ status: 200, type: TemplateDto, description: 'The template.' })
  async update(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @IdParam('template', 'templateId') id: string,
    @Body() change: UpdateTemplateDto,
  ): Promise<TemplateDto> {
    const changed = await this.audit.during(
      { tenant, userId },
      'template.updated',
      () => this.templates.update(tenant, id, change),
      ({ name }) => ({ subject: formatId('template', id), details: { name } }),
    );
    return presentTemplate(changed);
  }

  @Delete(':templateId')
  @RequiresRole('agent')
  @HttpCode(204)
  @Operation('Delete template', {
    id: 'deleteTemplate',
    description: 'Messages that are scheduled already are sent all the same.',
  })
  @ApiResponse({ status: 204, description: 'The template is deleted.' })
  async delete(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @IdParam('template', 'templateId') id: string,
  ): Promise<void> {
    await this.audit.during(
      { tenant, userId },
      'template.deleted',
      () => this.templates.delete(tenant, id),
      ({ name }) => ({ subject: formatId('template', id), details: { name } }),
    );
  }
}
