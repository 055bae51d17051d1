import { Controller, Get, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { StatusResult } from '../../platform/common/http/status-result.js';
import { Operation } from '../../platform/common/openapi/operation.js';
import { ForEverybody } from '../../platform/common/tenancy/access.js';
import { LivenessDto, ReadinessDto, NotReadyDto } from './health.dto.js';
import { Readiness } from './readiness.js';

/** Seconds; as long as a load balancer waits between two of these questions. */
const RETRY_AFTER_SECONDS = 2;

@ApiTags('health')
@Controller('health')
@ForEverybody()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @Operation('Check liveness', { description: 'Answers as long as the process runs; restart it if this fails.' })
  @ApiResponse({ status: 200, type: LivenessDto, description: 'The process runs.' })
  getLiveness(): LivenessDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @Operation('Check readiness', {
    description:
      'Says whether the server takes requests: its database answers and has the schema of this release, and no shutdown has begun.',
  })
  @ApiResponse({ status: 200, type: ReadinessDto, description: 'The server takes requests.' })
  @ApiResponse({
    status: 503,
    description: 'The server takes no requests now.',
    type: NotReadyDto,
    headers: {
      'Retry-After': { description: 'In how many seconds to try again.', schema: { type: 'integer', minimum: 1 } },
    },
  })
  async getReadiness(
    @Res({ passthrough: true }) response: Response,
  ): Promise<StatusResult<ReadinessDto | NotReadyDto>> {
    const { ready, database } = await this.readiness.check();
    if (ready) {
      return new StatusResult(200, { status: 'ready', database: 'up' });
    }
    response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
    return new StatusResult(503, { status: 'unavailable', database });
  }
}
