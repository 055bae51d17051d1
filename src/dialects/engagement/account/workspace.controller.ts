import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { RateLimits } from '../../../platform/common/rate-limit/rate-limits.js';
import { CurrentCaller } from '../../../platform/common/tenancy/access.js';
import type { WorkspaceCaller } from '../../../platform/common/tenancy/workspace-credentials.js';
import { EmailAccountsService } from '../../../delivery/email/accounts/email-accounts.service.js';
import { CampaignsService } from '../../../engagement/campaigns/campaigns.service.js';
import { WorkflowsService } from '../../../engagement/workflows/workflows.service.js';
import { WorkspacesService } from '../../../workspaces/workspaces.service.js';
import { Allows, AllowsCallers } from '../http/allows.js';
import { Answers, data, type Data } from '../http/answers.js';
import { EngagementLimitsDto, EngagementWorkspaceDto } from './workspace.dto.js';
import { presentWorkspace } from './workspace.presenter.js';

const NO_WORKSPACE = 'No active workspace.';

@ApiTags('workspace')
@Controller('api/v1')
export class EngagementWorkspaceController {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly emailAccounts: EmailAccountsService,
    private readonly campaigns: CampaignsService,
    private readonly workflows: WorkflowsService,
    private readonly limits: RateLimits,
  ) {}

  @Get('workspace')
  @AllowsCallers()
  @Operation('Retrieve workspace', {
    id: 'getWorkspace',
    description: 'The workspace that the token is for, or that the request names, or the active one.',
    says: { 404: NO_WORKSPACE },
  })
  @Answers(EngagementWorkspaceDto, { description: 'The workspace.' })
  async get(@CurrentCaller() { auth }: WorkspaceCaller): Promise<Data<EngagementWorkspaceDto>> {
    if (auth === null) {
      throw new Refusal('not_found', NO_WORKSPACE);
    }
    const { tenant, role = 'viewer' } = auth;
    const summary = await this.workspaces.summarise(tenant);
    const [emailAccounts, campaigns] = [await this.emailAccounts.count(tenant), await this.campaigns.count(tenant)];
    const workflows = await this.workflows.count(tenant);
    return data(presentWorkspace(summary, { emailAccounts, campaigns, workflows }, role));
  }

  @Get('limits')
  @Allows(null, 'viewer')
  @Operation('Retrieve limits', {
    id: 'getLimits',
    description: 'How many requests you may make, and how many of them now.',
  })
  @Answers(EngagementLimitsDto, { description: 'The limits.' })
  async getLimits(@CurrentCaller() caller: WorkspaceCaller): Promise<Data<EngagementLimitsDto>> {
    return data({ rates: await this.limits.leftOf(caller) });
  }
}
