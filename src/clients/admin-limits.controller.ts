import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../platform/common/ids/id-param.js';
import { Operation } from '../platform/common/openapi/operation.js';
import { ForOperator } from '../platform/common/tenancy/access.js';
import { ClientLimitsDto, SetClientLimitsDto } from './client-limits.dto.js';
import { presentLimits, ratesIn } from './client-limits.presenter.js';
import { ClientsService } from './clients.service.js';

@ApiTags('admin')
@Controller('admin/v1/clients/:id/limits')
@ForOperator()
export class AdminLimitsController {
  constructor(private readonly clients: ClientsService) {}

  @Put()
  @Operation('Set client limits', {
    description:
      'Replaces all that the client has of its own: null, or what is left out, is the setting of the server again. ' +
      'Takes effect within 5 seconds.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: ClientLimitsDto, description: 'What the client has of its own.' })
  async set(@IdParam('client') id: string, @Body() body: SetClientLimitsDto): Promise<ClientLimitsDto> {
    return presentLimits(await this.clients.setRates(id, ratesIn(body)));
  }

  @Get()
  @Operation('Retrieve client limits', {
    description: 'What a caller may do of this, and how much of it is left, is told by `GET /api/v1/limits`.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: ClientLimitsDto, description: 'What the client has of its own.' })
  async get(@IdParam('client') id: string): Promise<ClientLimitsDto> {
    return presentLimits((await this.clients.getAny(id)).rates);
  }
}
