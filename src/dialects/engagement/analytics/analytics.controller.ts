import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AnalyticsService } from '../../../engagement/analytics/analytics.service.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersAllOf, data, type Data } from '../http/answers.js';
import {
  AiAnalyticsDto,
  AnalyticsOverviewDto,
  DailyQueryDto,
  DayCountDto,
  PeriodQueryDto,
  TeamMemberStatsDto,
} from './analytics.dto.js';
import { presentAi, presentOverview, presentTeamMember } from './analytics.presenter.js';

@ApiTags('analytics')
@Controller('api/v1/analytics')
export class AnalyticsController {
  constructor(private readonly analytics: AnalyticsService) {}

  @Get('overview')
  @Allows('analytics', 'viewer')
  @Operation('Retrieve overview', {
    id: 'getAnalyticsOverview',
    description: 'How much happened in the period, and what there is now. Days are those of UTC.',
  })
  @Answers(AnalyticsOverviewDto, { description: 'The figures.' })
  async overview(@CurrentTenant() tenant: Tenant, @Query() query: PeriodQueryDto): Promise<Data<AnalyticsOverviewDto>> {
    return data(presentOverview(await this.analytics.overview(tenant, query)));
  }

  @Get('team')
  @Allows('analytics', 'viewer')
  @Operation('List what the team did', {
    id: 'listTeamStats',
    description: 'Everybody who may answer now, and whoever did something in the period; who handled most first.',
  })
  @AnswersAllOf(TeamMemberStatsDto, { description: 'The users.' })
  async team(@CurrentTenant() tenant: Tenant, @Query() query: PeriodQueryDto): Promise<Data<TeamMemberStatsDto[]>> {
    return data((await this.analytics.team(tenant, query)).map(presentTeamMember));
  }

  @Get('daily')
  @Allows('analytics', 'viewer')
  @Operation('List a figure by day', { id: 'listDailyStats', description: 'Every day of the period, oldest first.' })
  @AnswersAllOf(DayCountDto, { description: 'The days.' })
  async daily(@CurrentTenant() tenant: Tenant, @Query() query: DailyQueryDto): Promise<Data<DayCountDto[]>> {
    return data(await this.analytics.daily(tenant, query.metric, query));
  }

  @Get('ai')
  @Allows('analytics', 'viewer')
  @Operation('Retrieve what models did', {
    id: 'getAiAnalytics',
    description: 'How much was asked of models in the period, what that cost, and how much of it was sent.',
  })
  @Answers(AiAnalyticsDto, { description: 'The figures.' })
  async ai(@CurrentTenant() tenant: Tenant, @Query() query: PeriodQueryDto): Promise<Data<AiAnalyticsDto>> {
    return data(presentAi(await this.analytics.ai(tenant, query)));
  }
}
