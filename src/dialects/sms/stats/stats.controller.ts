import { Controller, Get, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { StatsService } from '../../../delivery/stats/stats.service.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { StatsDto, StatsQueryDto } from './stats.dto.js';
import { presentStats } from './stats.presenter.js';

@ApiTags('messages')
@Controller('api/ui/workspaces/:workspaceId/stats')
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  @Get()
  @RequiresRole('viewer')
  @Operation('Retrieve statistics', {
    id: 'getStats',
    description: 'Of the messages created on some days, by what has become of them until now.',
  })
  @ApiResponse({ status: 200, type: StatsDto, description: 'The statistics.' })
  async get(@CurrentTenant() tenant: Tenant, @Query() query: StatsQueryDto): Promise<StatsDto> {
    const groupBy = query.groupBy ?? 'day';
    return presentStats(await this.stats.of(tenant, { ...query, groupBy }), groupBy);
  }
}
