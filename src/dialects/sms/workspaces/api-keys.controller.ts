import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiKeysService } from '../../../clients/api-keys.service.js';
import { IdParam } from '../../../platform/common/ids/id-param.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { AuditLog } from '../../../workspaces/audit/audit-log.js';
import { Fails } from '../http/fails.js';
import { AnswersPageOf, numberedPage, sliceOf, SmsPageQuery, type NumberedPage } from '../http/sms-page.js';
import { CreatedWorkspaceKeyDto, CreateWorkspaceKeyDto, WorkspaceKeyDto } from './api-key.dto.js';
import { presentWorkspaceKey } from './api-key.presenter.js';

/** Of one workspace; those that were revoked or have expired do not count. */
export const MAX_LIVE = 50;

@ApiTags('workspaces')
@Controller('api/ui/workspaces/:workspaceId/api-keys')
export class WorkspaceKeysController {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly audit: AuditLog,
  ) {}

  @Post()
  @RequiresRole('admin')
  @Operation('Create API key', {
    description:
      'The key is shown only in this answer. It works at `/api/messages` by itself, and in the core API with the public key. A workspace has at most 50 that work.',
  })
  @ApiResponse({ status: 201, type: CreatedWorkspaceKeyDto, description: 'The new key.' })
  @Fails('conflict')
  async create(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @Body() { name, granted: scopes, expiresAt }: CreateWorkspaceKeyDto,
  ): Promise<CreatedWorkspaceKeyDto> {
    const input = { name, scopes, ...(expiresAt === undefined ? {} : { expiresAt }) };
    const { key, secretKey } = await this.audit.during(
      { tenant, userId },
      'api_key.created',
      () => this.keys.createWithin(tenant.clientId, input, MAX_LIVE),
      (made) => ({ subject: formatId('api_key', made.key.id), details: { name, scopes } }),
    );
    return { ...presentWorkspaceKey(key), key: secretKey };
  }

  @Get()
  @RequiresRole('admin')
  @Operation('List API keys', { description: 'The newest first, including revoked keys. The keys are never shown.' })
  @AnswersPageOf(WorkspaceKeyDto)
  async list(
    @CurrentMember() { tenant }: MemberAuth,
    @Query() query: SmsPageQuery,
  ): Promise<NumberedPage<WorkspaceKeyDto>> {
    const { items, total } = await this.keys.listNumbered(tenant.clientId, sliceOf(query));
    return numberedPage(items.map(presentWorkspaceKey), query, total);
  }

  @Delete(':keyId')
  @RequiresRole('admin')
  @HttpCode(204)
  @Operation('Revoke API key', { description: 'The key stops working within 5 seconds.' })
  @ApiResponse({ status: 204, description: 'The key is revoked.' })
  async revoke(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @IdParam('api_key', 'keyId') id: string,
  ): Promise<void> {
    await this.audit.during(
      { tenant, userId },
      'api_key.revoked',
      () => this.keys.revoke(tenant.clientId, id),
      () => ({ subject: formatId('api_key', id) }),
    );
  }
}
