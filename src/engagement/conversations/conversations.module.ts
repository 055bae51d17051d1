import { Module } from '@nestjs/common';
import { ChannelsModule } from '../../channels/channels.module.js';
import { DeliveryModule } from '../../delivery/delivery.module.js';
import { FilesModule } from '../../files/files.module.js';
import { MessagesModule } from '../../messages/messages.module.js';
import { AiRepliesModule } from '../ai/replies/ai-replies.module.js';
import { CannedResponsesModule } from '../canned-responses/canned-responses.module.js';
import { CountsGate } from '../counts-gate.js';
import { ConversationMergesRepository } from './conversation-merges.repository.js';
import { ConversationMergesService } from './conversation-merges.service.js';
import { InboxBulkService } from './inbox-bulk.service.js';
import { InboxRepository } from './inbox.repository.js';
import { InboxService } from './inbox.service.js';
import { RepliesService } from './replies.service.js';
import { ReplyChannels } from './reply-channels.js';
import { TimelineRepository } from './timeline.repository.js';
import { TimelineService } from './timeline.service.js';

/** The team's inbox. */
@Module({
  imports: [AiRepliesModule, CannedResponsesModule, ChannelsModule, DeliveryModule, FilesModule, MessagesModule],
  providers: [
    ...[InboxService, InboxBulkService, InboxRepository, CountsGate],
    ...[ConversationMergesService, ConversationMergesRepository],
    ...[RepliesService, ReplyChannels, TimelineService, TimelineRepository],
  ],
  exports: [
    ConversationMergesService,
    InboxService,
    InboxBulkService,
    InboxRepository,
    RepliesService,
    TimelineService,
  ],
})
export class InboxModule {}
