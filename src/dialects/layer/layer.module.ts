import { Module } from '@nestjs/common';
import { AnnouncementsModule } from '../../notify/announcements/announcements.module.js';
import { ChannelsModule } from '../../channels/channels.module.js';
import { ClientsModule } from '../../clients/clients.module.js';
import { FilesModule } from '../../files/files.module.js';
import { MessagesModule } from '../../messages/messages.module.js';
import { PushModule } from '../../notify/push/push.module.js';
import { RealtimeModule } from '../../notify/realtime/realtime.module.js';
import { CustomersModule } from '../../customers/customers.module.js';
import { FeedModule } from '../../platform/outbox/feed.module.js';
import { LayerAnnouncementsController } from './announcements/announcements.controller.js';
import { LayerAnnouncementsService } from './announcements/layer-announcements.service.js';
import { ContentController } from './content/content.controller.js';
import { ChannelMembersController } from './channels/channel-members.controller.js';
import { ChannelMembersService } from './channels/channel-members.service.js';
import { ChannelMessagesController } from './channels/channel-messages.controller.js';
import { ChannelMessagesService } from './channels/channel-messages.service.js';
import { LayerChannelsController } from './channels/layer-channels.controller.js';
import { LayerChannelsRepository } from './channels/layer-channels.repository.js';
import { LayerChannelsService } from './channels/layer-channels.service.js';
import { ConversationChangesService } from './conversations/conversation-changes.service.js';
import { LayerConversationsController } from './conversations/layer-conversations.controller.js';
import { LayerConversationsRepository } from './conversations/layer-conversations.repository.js';
import { LayerConversationsService } from './conversations/layer-conversations.service.js';
import { Participants } from './conversations/participants.js';
import { LayerErrors } from './http/layer-errors.js';
import { AdminIdentityKeysController } from './identities/admin-identity-keys.controller.js';
import { FollowingController } from './identities/following.controller.js';
import { IdentitiesController } from './identities/identities.controller.js';
import { IdentitiesRepository } from './identities/identities.repository.js';
import { IdentitiesService } from './identities/identities.service.js';
import { IdentityKeysModule } from './identities/identity-keys.module.js';
import { LayerMessagesController } from './messages/layer-messages.controller.js';
import { LayerMessagesRepository } from './messages/layer-messages.repository.js';
import { LayerMessagesService } from './messages/layer-messages.service.js';
import { MessageObjects } from './messages/message-objects.js';
import { SentMessages } from './messages/sent-messages.js';
import { PushTokensController } from './push-tokens/push-tokens.controller.js';
import { IdentityTokensService } from './sessions/identity-tokens.service.js';
import { LayerCredentials } from './sessions/layer.credentials.js';
import { NoncesRepository } from './sessions/nonces.repository.js';
import { NoncesService } from './sessions/nonces.service.js';
import { RootController } from './sessions/root.controller.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsService } from './sessions/sessions.service.js';
import { AnnouncementChanges } from './socket/announcement-changes.js';
import { AudienceRepository } from './socket/audience.repository.js';
import { Changes } from './socket/changes.js';
import { LayerInbound } from './socket/layer-inbound.js';
import { LayerRooms } from './socket/layer-rooms.js';
import { LayerRouter } from './socket/layer-router.js';
import { LayerSockets } from './socket/layer-sockets.js';
import { Methods } from './socket/methods.js';
import { Overview } from './socket/overview.js';
import { Presence } from './socket/presence.js';
import { Replay } from './socket/replay.js';
import { Signals } from './socket/signals.js';
import { EventContextLoader } from './socket/event-context.js';

/** What Layer's Client API was, spoken under `/layer`. */
@Module({
  imports: [
    ...[ClientsModule, CustomersModule, ChannelsModule, FilesModule, MessagesModule],
    ...[AnnouncementsModule, FeedModule, PushModule, RealtimeModule, IdentityKeysModule],
  ],
  controllers: [
    ...[RootController, SessionsController],
    ...[AdminIdentityKeysController, IdentitiesController, FollowingController],
    ...[LayerConversationsController, LayerMessagesController, ContentController],
    ...[LayerChannelsController, ChannelMembersController, ChannelMessagesController],
    ...[LayerAnnouncementsController, PushTokensController],
  ],
  providers: [
    ...[LayerErrors, LayerCredentials, NoncesService, NoncesRepository, IdentityTokensService, SessionsService],
    ...[IdentitiesService, IdentitiesRepository],
    ...[LayerConversationsService, ConversationChangesService, LayerConversationsRepository, Participants],
    ...[LayerChannelsService, ChannelMembersService, ChannelMessagesService, LayerChannelsRepository],
    ...[LayerMessagesService, LayerMessagesRepository, SentMessages, MessageObjects],
    LayerAnnouncementsService,
    ...[LayerRooms, LayerSockets, LayerInbound, Methods, Replay, Overview, Signals, Presence],
    ...[LayerRouter, Changes, EventContextLoader, AudienceRepository, AnnouncementChanges],
  ],
  exports: [LayerErrors, LayerCredentials],
})
export class LayerModule {}
