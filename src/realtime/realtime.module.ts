import { Module, type DynamicModule } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { CallersModule } from '../clients/callers.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { BroadcastingController } from './broadcasting.controller.js';
import { BroadcastingService } from './broadcasting.service.js';
import { ClientEvents } from './client-events.js';
import { Connections, SOCKET_LIMITS, type SocketLimits } from './connections.js';
import { FeedModule } from './feed.module.js';
import { Inbound } from './inbound.js';
import { OpenSocketsRepository } from './open-sockets.repository.js';
import { OpenSockets } from './open-sockets.js';
import { Presences } from './presences.js';
import { RealtimeRepository } from './realtime.repository.js';
import { Revocations } from './revocations.js';
import { Rooms } from './rooms.js';
import { Router } from './router.js';
import { Sockets } from './sockets.js';
import { Subscriptions } from './subscriptions.js';
import { Typing } from './typing.js';
import { Upgrades } from './upgrades.js';

@Module({})
export class RealtimeModule {
  static with(clients: DynamicModule, sockets: SocketLimits): DynamicModule {
    return {
      module: RealtimeModule,
      imports: [clients, CallersModule, ChannelsModule, CustomersModule, FeedModule],
      controllers: [BroadcastingController],
      providers: [
        { provide: SOCKET_LIMITS, useValue: sockets },
        ...[Connections, Upgrades, OpenSockets, OpenSocketsRepository, Typing],
        ...[Rooms, RealtimeRepository, Presences, Subscriptions, ClientEvents, Inbound],
        ...[Sockets, Router, Revocations, BroadcastingService],
      ],
      exports: [Connections, Upgrades, OpenSockets, Typing, Revocations],
    };
  }
}
