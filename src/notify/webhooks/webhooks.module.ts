import { Module, type DynamicModule } from '@nestjs/common';
import { Destinations } from '../../platform/common/outbound/outbound-policy.js';
import { Dialler } from '../../platform/common/outbound/outbound-client.js';
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
        { provide: Destinations, useFactory: () => new Destinations(production, askDns(dnsServers)) },
        { provide: Dialler, inject: [Destinations], useFactory: ({ resolve }: Destinations) => new Dialler(resolve) },
      ],
      exports: [Deliverer],
    };
  }
}
