import { Body, Controller, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../../platform/common/ids/id-param.js';
import { Operation } from '../../platform/common/openapi/operation.js';
import { CurrentTenant, Requires } from '../../platform/common/tenancy/access.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CreateCustomerSessionDto, CustomerSessionDto } from './customer-session.dto.js';
import { presentCreatedSession } from './customer-session.presenter.js';
import { CustomerSessionsService } from './customer-sessions.service.js';

@ApiTags('customers')
@Controller('api/v1/customers/:id/sessions')
export class CustomerSessionsController {
  constructor(private readonly sessions: CustomerSessionsService) {}

  @Post()
  @Requires('sessions:write')
  @Operation('Create customer session', {
    description: 'Returns a token, shown only once, with which a browser or an app acts as this customer.',
    refuses: [404],
    showsSecret: true,
  })
  @ApiResponse({ status: 201, type: CustomerSessionDto, description: 'The new session.' })
  async create(
    @CurrentTenant() tenant: Tenant,
    @IdParam('customer') id: string,
    @Body() { expiresIn }: CreateCustomerSessionDto,
  ): Promise<CustomerSessionDto> {
    return presentCreatedSession(tenant, await this.sessions.create(tenant, id, expiresIn));
  }

  @Delete()
  @Requires('sessions:write')
  @HttpCode(204)
  @Operation('Revoke all sessions of a customer', {
    description: 'All sessions of the customer stop working within 5 seconds, and their sockets are closed.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The sessions are revoked.' })
  revokeAll(@CurrentTenant() tenant: Tenant, @IdParam('customer') id: string): Promise<void> {
    return this.sessions.revokeAll(tenant, id);
  }

  @Delete(':session_id')
  @Requires('sessions:write')
  @HttpCode(204)
  @Operation('Revoke customer session', {
    description:
      'The session stops working within 5 seconds, and its sockets are closed. Revoking it again changes nothing.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The session is revoked.' })
  revoke(
    @CurrentTenant() tenant: Tenant,
    @IdParam('customer') id: string,
    @IdParam('customer_session', 'session_id') sessionId: string,
  ): Promise<void> {
    return this.sessions.revoke(tenant, id, sessionId);
  }
}
