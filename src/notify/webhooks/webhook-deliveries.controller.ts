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
    description: 'The deliveries of the last seven days, newest event first.',
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
    description: 'Delivers the event again, whatever its status, with up to ten new attempts.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: WebhookDeliveryDto, description: 'The delivery, pending again.' })
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
    description:
      'Sends the endpoint a `webhook_endpoint.test` event, even if it did not ask for it; if it is disabled, once it is enabled.',
    refuses: [404],
  })
  @ApiResponse({ status: 201, type: WebhookDeliveryDto, description: 'The delivery, pending.' })
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
      'Sends again the events since a given time whose delivery failed, and those of types the endpoint has asked for ' +
      'only since. Events go back seven days at most. What an endpoint missed while it was disabled is sent without ' +
      'this, once it is enabled.',
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
