import { Module } from '@nestjs/common';
import { ChannelsModule } from '../../channels/channels.module.js';
import { CustomersModule } from '../../customers/customers.module.js';
import { EventsController } from './events.controller.js';
import { EventsRepository } from './events.repository.js';
import { EventsService } from './events.service.js';

@Module({
  imports: [ChannelsModule, CustomersModule],
  controllers: [EventsController],
  providers: [EventsService, EventsRepository],
  exports: [EventsService],
})
export class EventsModule {}
