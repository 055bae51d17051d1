import { Controller, Get } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../platform/common/openapi/operation.js';
import { VERSION } from '../../platform/common/release.js';
import { ForEverybody } from '../../platform/common/tenancy/access.js';
import { VersionDto } from './health.dto.js';

@ApiTags('health')
@Controller('version')
@ForEverybody()
export class VersionController {
  @Get()
  @Operation('Retrieve version', { description: 'Answers without the database, of web and worker processes.' })
  @ApiResponse({ status: 200, type: VersionDto, description: 'The release that the server runs.' })
  getVersion(): VersionDto {
    return { version: VERSION };
  }
}
