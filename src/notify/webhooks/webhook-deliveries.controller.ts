import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { unixSeconds } from '../../platform/common/clock.js';
import { IdParam } from '../../platform/common/ids/id-param.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { AnswersListOf, Idempotent, Operation } from '../../platform/common/openapi/operation.js';
import type { Page } from '../../platform/common/pagination/page.js';
import { CurrentTenant, Requires } from '../../platform/common/tenancy/access.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import {
  ListWebhookDeliveriesQuery,
  RecoverWebhookEndpointDto,
  WebhookRecoveryDto,
  WebhookDeliveryDto,
} from './webhook-delivery.dto.js';
import { presentDelivery } from './webhook-delivery.presenter.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';

@ApiTags('webhooks')
@Controller('api/v1/webhook_endpoints/:id')
export class WebhookDeliveriesController {
  constructor(private readonly deliveries: WebhookDeliveriesService) {}

  @Get('deliveries')
  @Requires('webhooks:read')
  @Operation('List webhook deliveries', {
    description: 'The newest event first; of the last seven days.',
    refuses: [404],
  })
  @AnswersListOf(WebhookDeliveryDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @IdParam('webhook_endpoint') id: string,
    @Query() query: ListWebhookDeliveriesQuery,
  ): Promise<Page<WebhookDeliveryDto>> {
    return (await this.deliveries.list(tenant, id, query)).map((delivery) => presentDelivery(tenant, delivery));
  }

  @Post('deliveries/:delivery_id/retry')
  @HttpCode(200)
  @Requires('webhooks:write')
  @Idempotent()
  @Operation('Retry webhook delivery', {
    description: 'At once, whatever became of it, and if need be all ten times again.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: WebhookDeliveryDto, description: 'The delivery, pending.' })
  async retry(
    @CurrentTenant() tenant: Tenant,
    @IdParam('webhook_endpoint') id: string,
    @IdParam('webhook_delivery', 'delivery_id') deliveryId: string,
  ): Promise<WebhookDeliveryDto> {
    return presentDelivery(tenant, await this.deliveries.retry(tenant, id, deliveryId));
  }

  @Post('test')
  @Requires('webhooks:write')
  @Idempotent()
  @Operation('Test webhook endpoint', {
    id: 'webhookEndpointsTest',
    description: 'Sends it an event `webhook_endpoint.test`, whatever events it asks for, as soon as it is enabled.',
    refuses: [404],
  })
  @ApiResponse({ status: 201, type: WebhookDeliveryDto, description: 'The delivery to be made.' })
  async test(@CurrentTenant() tenant: Tenant, @IdParam('webhook_endpoint') id: string): Promise<WebhookDeliveryDto> {
    return presentDelivery(tenant, await this.deliveries.test(tenant, id));
  }

  @Post('recover')
  @HttpCode(200)
  @Requires('webhooks:write')
  @Idempotent()
  @Operation('Recover webhook endpoint', {
    id: 'webhookEndpointsRecover',
    description:
      'Of the events since a moment, at most seven days ago, sends again those whose delivery failed, and sends those ' +
      'that the endpoint asks for now and did not when they happened. What it missed while it was disabled is sent ' +
      'without this as soon as it is enabled.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: WebhookRecoveryDto, description: 'How many deliveries will be made.' })
  async recover(
    @CurrentTenant() tenant: Tenant,
    @IdParam('webhook_endpoint') id: string,
    @Body() { since }: RecoverWebhookEndpointDto,
  ): Promise<WebhookRecoveryDto> {
    return {
      object: 'webhook_recovery',
      endpoint_id: formatId('webhook_endpoint', id),
      since: unixSeconds(since),
      count: await this.deliveries.recover(tenant, id, since),
    };
  }
}
