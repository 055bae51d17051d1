import { Module } from '@nestjs/common';
import { ChannelsModule } from '../../channels/channels.module.js';
import { DeliveryModule } from '../../delivery/delivery.module.js';
import { FilesModule } from '../../files/files.module.js';
import { MessagesModule } from '../../messages/messages.module.js';
import { CountsGate } from '../counts-gate.js';
import { InboxRepository } from './inbox.repository.js';
import { InboxService } from './inbox.service.js';
import { RepliesService } from './replies.service.js';
import { TimelineRepository } from './timeline.repository.js';
import { TimelineService } from './timeline.service.js';

/** The team's inbox. */
@Module({
  imports: [ChannelsModule, DeliveryModule, FilesModule, MessagesModule],
  providers: [...[InboxService, InboxRepository, CountsGate], ...[RepliesService, TimelineService, TimelineRepository]],
  exports: [InboxService, InboxRepository, RepliesService, TimelineService],
})
export class InboxModule {}
