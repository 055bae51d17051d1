import { Module, type DynamicModule } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { ChannelDeletionsRepository } from './channel-deletions.repository.js';
import { ChannelDeletionsService } from './channel-deletions.service.js';
import { DeletionsRepository } from './deletions.repository.js';
import { DeletionsService } from './deletions.service.js';
import { ErasureController } from './erasure.controller.js';
import { ErasureRepository } from './erasure.repository.js';
import { ErasureService } from './erasure.service.js';
import { InboxController } from './inbox.controller.js';
import { InboxRepository } from './inbox.repository.js';
import { InboxService } from './inbox.service.js';
import { MessagesController } from './messages.controller.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';
import { ReceiptsController } from './receipts.controller.js';
import { ReceiptsRepository } from './receipts.repository.js';
import { ReceiptsService } from './receipts.service.js';

@Module({})
export class MessagesModule {
  static with(files: DynamicModule): DynamicModule {
    return {
      module: MessagesModule,
      imports: [ChannelsModule, CustomersModule, files],
      controllers: [MessagesController, InboxController, ReceiptsController, ErasureController],
      providers: [
        ...[MessagesService, MessagesRepository, DeletionsService, DeletionsRepository],
        ...[ChannelDeletionsService, ChannelDeletionsRepository],
        ...[InboxService, InboxRepository, ReceiptsService, ReceiptsRepository],
        ...[ErasureService, ErasureRepository],
      ],
      exports: [MessagesService, DeletionsService, ChannelDeletionsService, ReceiptsService],
    };
  }
}
