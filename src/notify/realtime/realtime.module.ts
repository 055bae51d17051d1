import { Module } from '@nestjs/common';
import { CallersModule } from '../../clients/callers.module.js';
import { Connections } from './connections.js';
import { OpenSocketsRepository } from './open-sockets.repository.js';
import { OpenSockets } from './open-sockets.js';
import { RevocationsRepository } from './revocations.repository.js';
import { Revocations } from './revocations.js';
import { Typing } from './typing.js';
import { Upgrades } from './upgrades.js';
import { WorkspaceAudiences } from './workspace-audiences.js';

/** What the sockets of every dialect share. */
@Module({
  imports: [CallersModule],
  providers: [
    ...[Connections, Upgrades, OpenSockets, OpenSocketsRepository, Typing, Revocations, RevocationsRepository],
    WorkspaceAudiences,
  ],
  exports: [Connections, Upgrades, OpenSockets, Typing, Revocations, WorkspaceAudiences],
})
export class RealtimeModule {}
