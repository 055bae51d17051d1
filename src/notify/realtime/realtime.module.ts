import { Module, type DynamicModule } from '@nestjs/common';
import { CallersModule } from '../../clients/callers.module.js';
import { Connections, SOCKET_LIMITS, type SocketLimits } from './connections.js';
import { OpenSocketsRepository } from './open-sockets.repository.js';
import { OpenSockets } from './open-sockets.js';
import { RevocationsRepository } from './revocations.repository.js';
import { Revocations } from './revocations.js';
import { Typing } from './typing.js';
import { Upgrades } from './upgrades.js';

/** What the sockets of every dialect share. */
@Module({})
export class RealtimeModule {
  static with(limits: SocketLimits): DynamicModule {
    return {
      module: RealtimeModule,
      imports: [CallersModule],
      providers: [
        { provide: SOCKET_LIMITS, useValue: limits },
        ...[Connections, Upgrades, OpenSockets, OpenSocketsRepository, Typing, Revocations, RevocationsRepository],
      ],
      exports: [Connections, Upgrades, OpenSockets, Typing, Revocations],
    };
  }
}
