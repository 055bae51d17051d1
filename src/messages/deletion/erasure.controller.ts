import { Controller, Delete, HttpCode } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../../platform/common/ids/id-param.js';
import { Operation } from '../../platform/common/openapi/operation.js';
import { CurrentTenant, Requires } from '../../platform/common/tenancy/access.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { ErasureService } from './erasure.service.js';

/** Stands here because customers know nothing of what they said. */
@ApiTags('customers')
@Controller('api/v1/customers')
export class ErasureController {
  constructor(private readonly erasure: ErasureService) {}

  @Delete(':id')
  @HttpCode(204)
  @Requires('customers:write')
  @Operation('Delete customer', {
    id: 'customersDelete',
    description:
      'Deletes the customer with its personal data, sessions, devices and unsent files, and removes it from its channels. ' +
      'Its messages stay, without a sender, and so do the files in them.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The customer is deleted.' })
  erase(@CurrentTenant() tenant: Tenant, @IdParam('customer') id: string): Promise<void> {
    return this.erasure.erase(tenant, id);
  }
}
