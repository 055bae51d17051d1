import { Module, type DynamicModule } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { BroadcastingController } from './broadcasting.controller.js';
import { BroadcastingService } from './broadcasting.service.js';
import { ClientEvents } from './client-events.js';
import { FeedModule } from './feed.module.js';
import { Inbound } from './inbound.js';
import { Presences } from './presences.js';
import { RealtimeRepository } from './realtime.repository.js';
import { Revocations } from './revocations.js';
import { Rooms } from './rooms.js';
import { Router } from './router.js';
import { MAX_SOCKETS, Sockets } from './sockets.js';
import { Subscriptions } from './subscriptions.js';

@Module({})
export class RealtimeModule {
  static with(clients: DynamicModule, maxSockets: number): DynamicModule {
    return {
      module: RealtimeModule,
      imports: [clients, ChannelsModule, CustomersModule, FeedModule],
      controllers: [BroadcastingController],
      providers: [
        { provide: MAX_SOCKETS, useValue: maxSockets },
        ...[Rooms, RealtimeRepository, Presences, Subscriptions, ClientEvents, Inbound],
        ...[Sockets, Router, Revocations, BroadcastingService],
      ],
    };
  }
}
