import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../../../platform/common/ids/id-param.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { AuditLog } from '../../../workspaces/audit/audit-log.js';
import { PersonalTokensService } from '../../../workspaces/tokens/personal-tokens.service.js';
import { Fails } from '../http/fails.js';
import { AnswersPageOf, numberedPage, sliceOf, SmsPageQuery, type NumberedPage } from '../http/sms-page.js';
import { CreatedPersonalTokenDto, CreatePersonalTokenDto, PersonalTokenDto } from './personal-token.dto.js';
import { presentPersonalToken } from './personal-token.presenter.js';

@ApiTags('workspaces')
@Controller('api/ui/workspaces/:workspaceId/personal-tokens')
export class PersonalTokensController {
  constructor(
    private readonly tokens: PersonalTokensService,
    private readonly audit: AuditLog,
  ) {}

  @Post()
  @RequiresRole('viewer')
  @Operation('Create personal token', {
    description: 'The token is shown only in this answer. You have at most 50 that work in a workspace.',
  })
  @ApiResponse({ status: 201, type: CreatedPersonalTokenDto, description: 'The new token.' })
  @Fails('conflict')
  async create(
    @CurrentMember() auth: MemberAuth,
    @Body() body: CreatePersonalTokenDto,
  ): Promise<CreatedPersonalTokenDto> {
    const { row, token } = await this.audit.during(
      auth,
      'personal_token.created',
      () => this.tokens.create(auth, body),
      (made) => ({
        subject: formatId('personal_token', made.row.id),
        details: { name: body.name, scopes: body.scopes },
      }),
    );
    return { ...presentPersonalToken(row), token };
  }

  @Get()
  @RequiresRole('viewer')
  @Operation('List personal tokens', { description: 'Your own, the newest first; an admin sees those of all members.' })
  @AnswersPageOf(PersonalTokenDto)
  async list(@CurrentMember() auth: MemberAuth, @Query() query: SmsPageQuery): Promise<NumberedPage<PersonalTokenDto>> {
    const { items, total } = await this.tokens.list(auth, sliceOf(query));
    return numberedPage(items.map(presentPersonalToken), query, total);
  }

  @Delete(':tokenId')
  @RequiresRole('viewer')
  @HttpCode(204)
  @Operation('Revoke personal token', { description: 'One of your own; an admin revokes those of all members.' })
  @ApiResponse({ status: 204, description: 'The token is revoked.' })
  revoke(@CurrentMember() auth: MemberAuth, @IdParam('personal_token', 'tokenId') id: string): Promise<void> {
    return this.audit.during(
      auth,
      'personal_token.revoked',
      () => this.tokens.revoke(auth, id),
      () => ({ subject: formatId('personal_token', id) }),
    );
  }
}
