import { Module, type DynamicModule } from '@nestjs/common';
import { ChannelsModule } from '../../channels/channels.module.js';
import { CallersModule } from '../../clients/callers.module.js';
import { CustomersModule } from '../../customers/customers.module.js';
import { BroadcastingController } from './broadcasting.controller.js';
import { BroadcastingService } from './broadcasting.service.js';
import { ClientEvents } from './client-events.js';
import { Connections, SOCKET_LIMITS, type SocketLimits } from '../../notify/realtime/connections.js';
import { FeedModule } from '../../platform/outbox/feed.module.js';
import { PusherInbound } from './pusher-inbound.js';
import { OpenSocketsRepository } from '../../notify/realtime/open-sockets.repository.js';
import { OpenSockets } from '../../notify/realtime/open-sockets.js';
import { Presences } from './presences.js';
import { PusherRepository } from './pusher.repository.js';
import { Revocations } from '../../notify/realtime/revocations.js';
import { PusherRooms } from './pusher-rooms.js';
import { PusherRouter } from './pusher-router.js';
import { PusherGateway } from './pusher-gateway.js';
import { Subscriptions } from './subscriptions.js';
import { Typing } from '../../notify/realtime/typing.js';
import { Upgrades } from '../../notify/realtime/upgrades.js';

@Module({})
export class PusherModule {
  static with(clients: DynamicModule, sockets: SocketLimits): DynamicModule {
    return {
      module: PusherModule,
      imports: [clients, CallersModule, ChannelsModule, CustomersModule, FeedModule],
      controllers: [BroadcastingController],
      providers: [
        { provide: SOCKET_LIMITS, useValue: sockets },
        ...[Connections, Upgrades, OpenSockets, OpenSocketsRepository, Typing],
        ...[PusherRooms, PusherRepository, Presences, Subscriptions, ClientEvents, PusherInbound],
        ...[PusherGateway, PusherRouter, Revocations, BroadcastingService],
      ],
      exports: [Connections, Upgrades, OpenSockets, Typing, Revocations],
    };
  }
}
