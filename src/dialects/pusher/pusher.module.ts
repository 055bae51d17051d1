import { Module } from '@nestjs/common';
import { ChannelsModule } from '../../channels/channels.module.js';
import { ClientsModule } from '../../clients/clients.module.js';
import { CustomersModule } from '../../customers/customers.module.js';
import { EventsModule } from '../../notify/events/events.module.js';
import { RealtimeModule } from '../../notify/realtime/realtime.module.js';
import { FeedModule } from '../../platform/outbox/feed.module.js';
import { BroadcastingController } from './broadcasting.controller.js';
import { BroadcastingService } from './broadcasting.service.js';
import { ClientEvents } from './client-events.js';
import { Presences } from './presences.js';
import { PresencesRepository } from './presences.repository.js';
import { PusherGateway } from './pusher-gateway.js';
import { PusherInbound } from './pusher-inbound.js';
import { PusherRepository } from './pusher.repository.js';
import { PusherRooms } from './pusher-rooms.js';
import { PusherRouter } from './pusher-router.js';
import { PusherWorkspaces } from './pusher-workspaces.js';
import { MemberSocketsModule } from '../../workspaces/sockets/member-sockets.module.js';
import { Subscriptions } from './subscriptions.js';
import { TypingFrames } from './typing-frames.js';

/** The protocol of Pusher Channels. */
@Module({
  imports: [
    ...[ClientsModule, RealtimeModule, ChannelsModule, CustomersModule, FeedModule, MemberSocketsModule],
    EventsModule,
  ],
  controllers: [BroadcastingController],
  providers: [
    ...[PusherRooms, PusherRepository, Presences, PresencesRepository, Subscriptions],
    ...[ClientEvents, TypingFrames, PusherInbound, PusherGateway, PusherRouter, PusherWorkspaces, BroadcastingService],
  ],
})
export class PusherModule {}
