import { Module } from '@nestjs/common';
import { ChannelsModule } from '../../channels/channels.module.js';
import { CustomersModule } from '../../customers/customers.module.js';
import { EventsController } from './events.controller.js';
import { EventsRepository } from './events.repository.js';
import { EventsService } from './events.service.js';
import { FurtherEvents } from './further-events.js';

@Module({
  imports: [ChannelsModule, CustomersModule],
  controllers: [EventsController],
  providers: [EventsService, EventsRepository, FurtherEvents],
  exports: [EventsService, FurtherEvents],
})
export class EventsModule {}
