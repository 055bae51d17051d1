import { Module } from '@nestjs/common';
import { ChannelsModule } from '../../channels/channels.module.js';
import { CustomersModule } from '../../customers/customers.module.js';
import { MessagesModule } from '../../messages/messages.module.js';
import { InboxModule } from '../conversations/conversations.module.js';
import { DesksRepository } from './desks.repository.js';
import { DesksService } from './desks.service.js';
import { LiveChatService } from './live-chat.service.js';
import { VisitorsService } from './visitors.service.js';

/** Desks that customers chat with. */
@Module({
  imports: [ChannelsModule, CustomersModule, MessagesModule, InboxModule],
  providers: [DesksService, DesksRepository, LiveChatService, VisitorsService],
  exports: [DesksService, LiveChatService, VisitorsService],
})
export class LiveChatModule {}
