import { Module } from '@nestjs/common';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import { OutboundClient } from '../../platform/common/outbound/outbound-client.js';
import { OutboundModule } from '../../platform/common/outbound/outbound.module.js';
import { EventsModule } from '../events/events.module.js';
import { Deliverer } from './deliverer.js';
import { DeliveryQueueRepository } from './delivery-queue.repository.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { WebhookEndpointsController } from './webhook-endpoints.controller.js';
import { WebhookEndpointsRepository } from './webhook-endpoints.repository.js';
import { WebhookEndpointsService } from './webhook-endpoints.service.js';

@Module({
  imports: [EventsModule, OutboundModule],
  controllers: [WebhookEndpointsController, WebhookDeliveriesController],
  providers: [
    WebhookEndpointsRepository,
    WebhookDeliveriesRepository,
    DeliveryQueueRepository,
    WebhookEndpointsService,
    WebhookDeliveriesService,
    Deliverer,
    {
      provide: OutboundClient,
      inject: [OutboundPolicy],
      useFactory: ({ resolve }: OutboundPolicy) => new OutboundClient(resolve),
    },
  ],
  exports: [Deliverer],
})
export class WebhooksModule {}
