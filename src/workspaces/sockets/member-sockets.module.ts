import { Module } from '@nestjs/common';
import { RealtimeModule } from '../../notify/realtime/realtime.module.js';
import { UsersModule } from '../../users/users.module.js';
import { WorkspacesModule } from '../workspaces.module.js';
import { MemberSocketsRepository } from './member-sockets.repository.js';
import { MemberSockets } from './member-sockets.js';

/** For the dialects whose sockets users open. Apart from the rest of the workspaces: a worker has no sockets. */
@Module({
  imports: [RealtimeModule, UsersModule, WorkspacesModule],
  providers: [MemberSockets, MemberSocketsRepository],
  exports: [MemberSockets],
})
export class MemberSocketsModule {}
