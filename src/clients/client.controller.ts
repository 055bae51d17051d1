import { Controller, Get } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../platform/common/ids/id-param.js';
import { Operation } from '../platform/common/openapi/operation.js';
import { CurrentTenant, RequiresAnyKey } from '../platform/common/tenancy/access.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { ClientDto } from './client.dto.js';
import { presentClient } from './client.presenter.js';
import { ClientsService } from './clients.service.js';

@ApiTags('client')
@Controller('api/v1/client')
export class ClientController {
  constructor(private readonly clients: ClientsService) {}

  @Get(':id')
  @RequiresAnyKey()
  @Operation('Retrieve client', {
    id: 'clientsGet',
    description: 'Returns the client your keys belong to; any other id is answered with 404.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: ClientDto, description: 'The client.' })
  async get(@CurrentTenant() tenant: Tenant, @IdParam('client') id: string): Promise<ClientDto> {
    return presentClient(await this.clients.get(tenant, id));
  }
}
