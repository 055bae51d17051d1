import { Module, type DynamicModule } from '@nestjs/common';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import { OutboundClient } from '../../platform/common/outbound/outbound-client.js';
import { askDns } from '../../platform/common/outbound/names.js';
import { EventsModule } from '../events/events.module.js';
import { Deliverer } from './deliverer.js';
import { OutboxRepository } from './delivery-queue.repository.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { WebhookEndpointsController } from './webhook-endpoints.controller.js';
import { WebhookEndpointsRepository } from './webhook-endpoints.repository.js';
import { WebhookEndpointsService } from './webhook-endpoints.service.js';

interface OutboundSettings {
  readonly production: boolean;
  readonly dnsServers: readonly string[] | undefined;
}

@Module({})
export class WebhooksModule {
  static with({ production, dnsServers }: OutboundSettings): DynamicModule {
    return {
      module: WebhooksModule,
      imports: [EventsModule],
      controllers: [WebhookEndpointsController, WebhookDeliveriesController],
      providers: [
        WebhookEndpointsRepository,
        WebhookDeliveriesRepository,
        OutboxRepository,
        WebhookEndpointsService,
        WebhookDeliveriesService,
        Deliverer,
        { provide: OutboundPolicy, useFactory: () => new OutboundPolicy(production, askDns(dnsServers)) },
        {
          provide: OutboundClient,
          inject: [OutboundPolicy],
          useFactory: ({ resolve }: OutboundPolicy) => new OutboundClient(resolve),
        },
      ],
      exports: [Deliverer],
    };
  }
}
