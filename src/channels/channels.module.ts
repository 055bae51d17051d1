import { Module } from '@nestjs/common';
import { ChannelsController } from './channels.controller.js';
import { ChannelsRepository } from './channels.repository.js';
import { ChannelsService } from './channels.service.js';
import { MembersController } from './members.controller.js';
import { MembersRepository } from './members.repository.js';
import { MembersService } from './members.service.js';

@Module({
  controllers: [ChannelsController, MembersController],
  providers: [ChannelsService, ChannelsRepository, MembersService, MembersRepository],
  exports: [ChannelsService, MembersService],
})
export class ChannelsModule {}
