import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { ChannelDeletionsRepository } from './deletion/channel-deletions.repository.js';
import { ChannelDeletionsService } from './deletion/channel-deletions.service.js';
import { DeletionsRepository } from './deletion/deletions.repository.js';
import { DeletionsService } from './deletion/deletions.service.js';
import { ErasureController } from './deletion/erasure.controller.js';
import { ErasureRepository } from './deletion/erasure.repository.js';
import { ErasureService } from './deletion/erasure.service.js';
import { ConversationsController } from './conversations/conversations.controller.js';
import { ConversationsRepository } from './conversations/conversations.repository.js';
import { ConversationsService } from './conversations/conversations.service.js';
import { MessagesController } from './messages.controller.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';
import { SendLanes } from './sending/send-lanes.js';
import { SendsRepository } from './sending/sends.repository.js';
import { FilesModule } from '../files/files.module.js';
import { ReceiptsController } from './receipts/receipts.controller.js';
import { ReceiptsRepository } from './receipts/receipts.repository.js';
import { ReceiptsService } from './receipts/receipts.service.js';

@Module({
  imports: [ChannelsModule, CustomersModule, FilesModule],
  controllers: [MessagesController, ConversationsController, ReceiptsController, ErasureController],
  providers: [
    ...[SendLanes, SendsRepository],
    ...[MessagesService, MessagesRepository, DeletionsService, DeletionsRepository],
    ...[ChannelDeletionsService, ChannelDeletionsRepository],
    ...[ConversationsService, ConversationsRepository, ReceiptsService, ReceiptsRepository],
    ...[ErasureService, ErasureRepository],
  ],
  exports: [MessagesService, DeletionsService, ChannelDeletionsService, ReceiptsService, ErasureService],
})
export class MessagesModule {}
