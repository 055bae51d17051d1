import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../../platform/common/ids/id-param.js';
import { AnswersListOf, Operation } from '../../platform/common/openapi/operation.js';
import type { Page } from '../../platform/common/pagination/page.js';
import { CurrentTenant, Requires } from '../../platform/common/tenancy/access.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import {
  CreateWebhookEndpointDto,
  ListWebhookEndpointsQuery,
  UpdateWebhookEndpointDto,
  WebhookEndpointDto,
  WebhookEndpointWithSecretDto,
} from './webhook-endpoint.dto.js';
import { presentEndpoint, presentEndpointWithSecret } from './webhook-endpoint.presenter.js';
import { tooManyEndpoints, WebhookEndpointsService } from './webhook-endpoints.service.js';

@ApiTags('webhooks')
@Controller('api/v1/webhook_endpoints')
export class WebhookEndpointsController {
  constructor(private readonly endpoints: WebhookEndpointsService) {}

  @Post()
  @Requires('webhooks:write')
  @Operation('Create webhook endpoint', {
    description:
      'From now on, each of these events is sent to the endpoint, signed according to Standard Webhooks 1.0.0. ' +
      'A client may have 20 endpoints; one more is refused with 409 (`limit_reached`).',
    says: { 409: tooManyEndpoints().message },
    showsSecret: true,
  })
  @ApiResponse({ status: 201, type: WebhookEndpointWithSecretDto, description: 'The new endpoint and its secret.' })
  async create(
    @CurrentTenant() tenant: Tenant,
    @Body() body: CreateWebhookEndpointDto,
  ): Promise<WebhookEndpointWithSecretDto> {
    return presentEndpointWithSecret(tenant, await this.endpoints.create(tenant, body));
  }

  @Get()
  @Requires('webhooks:read')
  @Operation('List webhook endpoints', { description: 'Newest first.' })
  @AnswersListOf(WebhookEndpointDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @Query() query: ListWebhookEndpointsQuery,
  ): Promise<Page<WebhookEndpointDto>> {
    return (await this.endpoints.list(tenant, query)).map((endpoint) => presentEndpoint(tenant, endpoint));
  }

  @Get(':id')
  @Requires('webhooks:read')
  @Operation('Retrieve webhook endpoint', { refuses: [404] })
  @ApiResponse({ status: 200, type: WebhookEndpointDto, description: 'The endpoint.' })
  async get(@CurrentTenant() tenant: Tenant, @IdParam('webhook_endpoint') id: string): Promise<WebhookEndpointDto> {
    return presentEndpoint(tenant, await this.endpoints.get(tenant, id));
  }

  @Patch(':id')
  @Requires('webhooks:write')
  @Operation('Update webhook endpoint', {
    description:
      'Fields that are left out stay unchanged. An endpoint that is enabled again gets the events it missed in the last seven days.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: WebhookEndpointDto, description: 'The endpoint after the change.' })
  async update(
    @CurrentTenant() tenant: Tenant,
    @IdParam('webhook_endpoint') id: string,
    @Body() body: UpdateWebhookEndpointDto,
  ): Promise<WebhookEndpointDto> {
    return presentEndpoint(tenant, await this.endpoints.update(tenant, id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('webhooks:write')
  @Operation('Delete webhook endpoint', { description: 'Deletes the endpoint and all its deliveries.', refuses: [404] })
  @ApiResponse({ status: 204, description: 'The endpoint is deleted.' })
  delete(@CurrentTenant() tenant: Tenant, @IdParam('webhook_endpoint') id: string): Promise<void> {
    return this.endpoints.remove(tenant, id);
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @Requires('webhooks:write')
  @Operation('Rotate webhook secret', {
    description:
      'Returns a new secret. For 24 hours, requests are signed with the previous secret too; secrets before that stop working.',
    refuses: [404],
    showsSecret: true,
  })
  @ApiResponse({ status: 200, type: WebhookEndpointWithSecretDto, description: 'The endpoint and its new secret.' })
  async rotateSecret(
    @CurrentTenant() tenant: Tenant,
    @IdParam('webhook_endpoint') id: string,
  ): Promise<WebhookEndpointWithSecretDto> {
    return presentEndpointWithSecret(tenant, await this.endpoints.rotate(tenant, id));
  }
}
