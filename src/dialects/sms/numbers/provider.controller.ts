import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { ProvidersService } from '../../../delivery/providers/providers.service.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Fails } from '../http/fails.js';
import { ProviderDto, SetProviderDto } from './number.dto.js';
import { presentProvider } from './number.presenter.js';

@ApiTags('numbers')
@Controller('api/ui/workspaces/:workspaceId/provider')
export class ProviderController {
  constructor(private readonly providers: ProvidersService) {}

  @Get()
  @RequiresRole('viewer')
  @Operation('Retrieve provider', { id: 'getProvider', description: 'A test workspace has the simulator.' })
  @Fails('provider_not_configured')
  @ApiResponse({ status: 200, type: ProviderDto, description: 'The provider.' })
  async get(@CurrentTenant() tenant: Tenant): Promise<ProviderDto> {
    return presentProvider(await this.providers.get(tenant));
  }

  @Put()
  @RequiresRole('admin')
  @Operation('Set provider', {
    id: 'setProvider',
    description: 'The simulator is the one provider there is as yet, and for test workspaces only.',
  })
  @Fails('invalid_provider')
  @ApiResponse({ status: 200, type: ProviderDto, description: 'The provider.' })
  async set(@CurrentTenant() tenant: Tenant, @Body() { kind }: SetProviderDto): Promise<ProviderDto> {
    return presentProvider(await this.providers.set(tenant, kind));
  }
}
