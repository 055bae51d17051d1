import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, ForUsers, RequiresRole, SignedInUser } from '../../../platform/common/tenancy/access.js';
import type { CurrentUser, MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { AuditLog } from '../../../workspaces/audit/audit-log.js';
import { WorkspacesService } from '../../../workspaces/workspaces.service.js';
import { AnswersPageOf, numberedPage, sliceOf, SmsPageQuery, type NumberedPage } from '../http/sms-page.js';
import { CreateWorkspaceDto, DeleteWorkspaceQuery, UpdateWorkspaceDto, WorkspaceDto } from './workspace.dto.js';
import { presentWorkspace } from './workspace.presenter.js';

@ApiTags('workspaces')
@Controller('api/ui/workspaces')
export class WorkspacesController {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly audit: AuditLog,
  ) {}

  @Post()
  @ForUsers()
  @Operation('Create workspace', {
    description:
      'You become its owner. Refused with 403 if the operator alone creates workspaces, or if you own 20. It has no key yet.',
  })
  @ApiResponse({ status: 201, type: WorkspaceDto, description: 'The new workspace.' })
  async create(@SignedInUser() { userId }: CurrentUser, @Body() body: CreateWorkspaceDto): Promise<WorkspaceDto> {
    return presentWorkspace(await this.workspaces.create(userId, body));
  }

  @Get()
  @ForUsers()
  @Operation('List workspaces', { description: 'Those you are a member of, the newest first.' })
  @AnswersPageOf(WorkspaceDto)
  async list(
    @SignedInUser() { userId }: CurrentUser,
    @Query() query: SmsPageQuery,
  ): Promise<NumberedPage<WorkspaceDto>> {
    const { items, total } = await this.workspaces.listOf(userId, sliceOf(query));
    return numberedPage(items.map(presentWorkspace), query, total);
  }

  @Get(':workspaceId')
  @RequiresRole('viewer')
  @Operation('Retrieve workspace')
  @ApiResponse({ status: 200, type: WorkspaceDto, description: 'The workspace.' })
  async get(@CurrentMember() { tenant, userId }: MemberAuth): Promise<WorkspaceDto> {
    return presentWorkspace(await this.workspaces.get(tenant, userId));
  }

  @Patch(':workspaceId')
  @RequiresRole('admin')
  @Operation('Update workspace', { description: 'Takes effect within 5 seconds.' })
  @ApiResponse({ status: 200, type: WorkspaceDto, description: 'The workspace.' })
  async update(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @Body() body: UpdateWorkspaceDto,
  ): Promise<WorkspaceDto> {
    const changed = await this.audit.during(
      { tenant, userId },
      'workspace.updated',
      () => this.workspaces.change(tenant, userId, body),
      () => ({ details: { fields: givenIn(body) } }),
    );
    return presentWorkspace(changed);
  }

  @Delete(':workspaceId')
  @RequiresRole('owner')
  @HttpCode(204)
  @Operation('Delete workspace', {
    description: 'Its keys and sockets stop within 5 seconds. The operator of the server removes what is stored.',
  })
  @ApiResponse({ status: 204, description: 'The workspace is deleted.' })
  async delete(@CurrentMember() { tenant, userId }: MemberAuth, @Query() query: DeleteWorkspaceQuery): Promise<void> {
    await this.audit.during(
      { tenant, userId },
      'workspace.deleted',
      () => this.workspaces.remove(tenant, userId, query.confirm),
      () => ({}),
    );
  }
}

/** The names of the fields that are to change. */
function givenIn(body: object): string[] {
  return Object.entries(body).flatMap(([name, value]) => (value === undefined || value === null ? [] : [name]));
}
