import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../../../platform/common/ids/id-param.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { InvitationsService } from '../../../workspaces/invitations/invitations.service.js';
import { AuditLog } from '../../../workspaces/audit/audit-log.js';
import { Fails } from '../http/fails.js';
import { AnswersPageOf, numberedPage, sliceOf, SmsPageQuery, type NumberedPage } from '../http/sms-page.js';
import { CreateInvitationDto, InvitationDto } from './invitation.dto.js';
import { presentInvitation } from './invitation.presenter.js';

@ApiTags('workspaces')
@Controller('api/ui/workspaces/:workspaceId/invitations')
export class InvitationsController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly audit: AuditLog,
  ) {}

  @Post()
  @RequiresRole('admin')
  @Idempotent()
  @Operation('Create invitation', {
    description:
      'Mails a link to somebody, which works once and for seven days. The role is at most your own; a workspace has at most 100 open invitations.',
  })
  @ApiResponse({ status: 201, type: InvitationDto, description: 'The new invitation.' })
  @Fails('conflict', 'mail_not_configured')
  async create(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @Body() body: CreateInvitationDto,
  ): Promise<InvitationDto> {
    const made = await this.audit.during(
      { tenant, userId },
      'invitation.created',
      () => this.invitations.create(tenant, userId, body),
      ({ id, role }) => ({ subject: formatId('invitation', id), details: { role } }),
    );
    return presentInvitation(made);
  }

  @Get()
  @RequiresRole('admin')
  @Operation('List invitations', { description: 'Those that were neither accepted nor revoked, the newest first.' })
  @AnswersPageOf(InvitationDto)
  async list(
    @CurrentMember() { tenant }: MemberAuth,
    @Query() query: SmsPageQuery,
  ): Promise<NumberedPage<InvitationDto>> {
    const { items, total } = await this.invitations.list(tenant, sliceOf(query));
    return numberedPage(items.map(presentInvitation), query, total);
  }

  @Post(':invitationId/resend')
  @RequiresRole('admin')
  @HttpCode(200)
  @Idempotent()
  @Operation('Resend invitation', {
    description:
      'Mails a new link, good for seven days; the old one stops working. At most one mail in two minutes, and five a day.',
  })
  @ApiResponse({ status: 200, type: InvitationDto, description: 'The invitation.' })
  @Fails('mail_not_configured')
  async resend(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @IdParam('invitation', 'invitationId') id: string,
  ): Promise<InvitationDto> {
    const resent = await this.audit.during(
      { tenant, userId },
      'invitation.resent',
      () => this.invitations.resend(tenant, id),
      () => ({ subject: formatId('invitation', id) }),
    );
    return presentInvitation(resent);
  }

  @Delete(':invitationId')
  @RequiresRole('admin')
  @HttpCode(204)
  @Operation('Revoke invitation')
  @ApiResponse({ status: 204, description: 'The link works no longer.' })
  revoke(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @IdParam('invitation', 'invitationId') id: string,
  ): Promise<void> {
    return this.audit.during(
      { tenant, userId },
      'invitation.revoked',
      () => this.invitations.revoke(tenant, id),
      () => ({ subject: formatId('invitation', id) }),
    );
  }
}
