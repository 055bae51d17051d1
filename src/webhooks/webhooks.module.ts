import { Module, type DynamicModule } from '@nestjs/common';
import { Destinations } from '../common/outbound/destinations.js';
import { Dialler } from '../common/outbound/dialler.js';
import { askDns } from '../common/outbound/names.js';
import { EventsModule } from '../events/events.module.js';
import { Deliverer } from './deliverer.js';
import { OutboxRepository } from './outbox.repository.js';
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
