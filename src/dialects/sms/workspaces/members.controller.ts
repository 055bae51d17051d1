import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../../../platform/common/ids/id-param.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { WorkspaceMembersService } from '../../../workspaces/members/workspace-members.service.js';
import { AuditLog } from '../../../workspaces/audit/audit-log.js';
import { Fails } from '../http/fails.js';
import { AnswersPageOf, numberedPage, sliceOf, SmsPageQuery, type NumberedPage } from '../http/sms-page.js';
import { WorkspaceMemberDto, UpdateWorkspaceMemberDto } from './member.dto.js';
import { presentMember } from './member.presenter.js';

@ApiTags('workspaces')
@Controller('api/ui/workspaces/:workspaceId')
export class WorkspaceMembersController {
  constructor(
    private readonly members: WorkspaceMembersService,
    private readonly audit: AuditLog,
  ) {}

  @Get('members')
  @RequiresRole('viewer')
  @Operation('List members', { description: 'The newest first.' })
  @AnswersPageOf(WorkspaceMemberDto)
  async list(
    @CurrentMember() { tenant }: MemberAuth,
    @Query() query: SmsPageQuery,
  ): Promise<NumberedPage<WorkspaceMemberDto>> {
    const { items, total } = await this.members.list(tenant, sliceOf(query));
    return numberedPage(items.map(presentMember), query, total);
  }

  @Patch('members/:userId')
  @RequiresRole('admin')
  @Operation('Update member', {
    description:
      'Takes effect within 5 seconds. Only an owner changes an owner, and nobody gives more than its own role.',
  })
  @ApiResponse({ status: 200, type: WorkspaceMemberDto, description: 'The member, as it is now.' })
  @Fails('last_owner')
  async update(
    @CurrentMember() { tenant, userId: actorId }: MemberAuth,
    @IdParam('user', 'userId') userId: string,
    @Body() { role }: UpdateWorkspaceMemberDto,
  ): Promise<WorkspaceMemberDto> {
    const changed = await this.audit.during(
      { tenant, userId: actorId },
      'member.updated',
      () => this.members.setRole(tenant, actorId, userId, role),
      () => ({ subject: formatId('user', userId), details: { role } }),
    );
    return presentMember(changed);
  }

  @Delete('members/:userId')
  @RequiresRole('admin')
  @HttpCode(204)
  @Operation('Remove member', {
    description: 'The user loses access within 5 seconds; its personal tokens for the workspace are deleted.',
  })
  @ApiResponse({ status: 204, description: 'The user is no member any more.' })
  @Fails('last_owner')
  remove(
    @CurrentMember() { tenant, userId: actorId }: MemberAuth,
    @IdParam('user', 'userId') userId: string,
  ): Promise<void> {
    return this.audit.during(
      { tenant, userId: actorId },
      'member.removed',
      () => this.members.remove(tenant, actorId, userId),
      () => ({ subject: formatId('user', userId) }),
    );
  }

  @Post('leave')
  @RequiresRole('viewer')
  @HttpCode(204)
  @Operation('Leave workspace', { id: 'workspaceMembersLeave', description: 'You are no member any more.' })
  @ApiResponse({ status: 204, description: 'You have left.' })
  @Fails('last_owner')
  leave(@CurrentMember() { tenant, userId }: MemberAuth): Promise<void> {
    return this.audit.during(
      { tenant, userId },
      'member.left',
      () => this.members.leave(tenant, userId),
      () => ({ subject: formatId('user', userId) }),
    );
  }
}
