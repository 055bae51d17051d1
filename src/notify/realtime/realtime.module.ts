import { Module } from '@nestjs/common';
import { CallersModule } from '../../clients/callers.module.js';
import { Connections } from './connections.js';
import { OpenSocketsRepository } from './open-sockets.repository.js';
import { OpenSockets } from './open-sockets.js';
import { RevocationsRepository } from './revocations.repository.js';
import { Revocations } from './revocations.js';
import { Typing } from './typing.js';
import { Upgrades } from './upgrades.js';

/** What the sockets of every dialect share. */
@Module({
  imports: [CallersModule],
  providers: [Connections, Upgrades, OpenSockets, OpenSocketsRepository, Typing, Revocations, RevocationsRepository],
  exports: [Connections, Upgrades, OpenSockets, Typing, Revocations],
})
export class RealtimeModule {}
