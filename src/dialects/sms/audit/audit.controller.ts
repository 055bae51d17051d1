import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { AuditLog, type AuditRow } from '../../../workspaces/audit/audit-log.js';
import { AnswersPageOf, numberedPage, sliceOf, SmsPageQuery, type NumberedPage } from '../http/sms-page.js';
import { AuditEntryDto } from './audit.dto.js';

@ApiTags('workspaces')
@Controller('api/ui/workspaces/:workspaceId/audit-log')
export class AuditLogController {
  constructor(private readonly log: AuditLog) {}

  @Get()
  @RequiresRole('admin')
  @Operation('List audit log', {
    id: 'listAuditLog',
    description:
      'Who changed keys, members, numbers, the provider, opt-outs, templates and settings, newest first. Entries stay for a year; a workspace has at most 10,000.',
  })
  @AnswersPageOf(AuditEntryDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: SmsPageQuery): Promise<NumberedPage<AuditEntryDto>> {
    const { items, total } = await this.log.list(tenant, sliceOf(query));
    return numberedPage(items.map(presentEntry), query, total);
  }
}

function presentEntry({
  id,
  action,
  subject,
  details,
  createdAt,
  userId,
  userName,
  userEmail,
}: AuditRow): AuditEntryDto {
  return {
    id: formatId('audit_entry', id),
    action,
    user: { id: formatId('user', userId), name: userName, email: userEmail },
    subject,
    details,
    createdAt: createdAt.toISOString(),
  };
}
