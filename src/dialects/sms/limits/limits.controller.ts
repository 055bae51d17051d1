import { Controller, Get } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Config } from '../../../config.js';
import { MAX_ADDRESSES } from '../../../delivery/addresses/addresses.service.js';
import { MAX_DEPTH } from '../../../delivery/conversations/address-conversations.service.js';
import { MAX_BODY_UNITS } from '../../../delivery/deliveries/segments.js';
import { MAX_TEMPLATES } from '../../../delivery/templates/templates.service.js';
import { MAX_DAYS } from '../../../delivery/stats/stats.service.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { RequiresRole } from '../../../platform/common/tenancy/access.js';
import { MAX_ENTRIES } from '../../../workspaces/audit/audit-log.js';
import { MAX_OPEN } from '../../../workspaces/invitations/invitations.service.js';
import { MAX_LIVE as MAX_TOKENS } from '../../../workspaces/tokens/personal-tokens.service.js';
import { MAX_LIVE as MAX_KEYS } from '../workspaces/api-keys.controller.js';
import { LimitsDto } from './limits.dto.js';

@ApiTags('workspaces')
@Controller('api/ui/workspaces/:workspaceId/limits')
export class LimitsController {
  constructor(private readonly config: Config) {}

  @Get()
  @RequiresRole('viewer')
  @Operation('Retrieve limits', { id: 'getLimits', description: 'Beyond them requests are refused.' })
  @ApiResponse({ status: 200, type: LimitsDto, description: 'The limits.' })
  get(): LimitsDto {
    return {
      keyRequestsPerMinute: this.config.messagesRateLimit || null,
      userRequestsPerMinute: this.config.uiRateLimit || null,
      bodyCharacters: MAX_BODY_UNITS,
      phoneNumbers: MAX_ADDRESSES,
      apiKeys: MAX_KEYS,
      personalTokens: MAX_TOKENS,
      openInvitations: MAX_OPEN,
      templates: MAX_TEMPLATES,
      auditEntries: MAX_ENTRIES,
      conversationsByPage: MAX_DEPTH,
      statsDays: MAX_DAYS,
    };
  }
}
