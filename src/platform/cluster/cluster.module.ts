import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Database } from '../database/database.js';
import { BroadcastBus } from './broadcast-bus.js';
import { Bus, MemoryBus } from './bus.js';
import { PostgresCarrier } from './postgres-carrier.js';
import { RedisCarrier } from './redis-carrier.js';
import { Replicas } from './replicas.js';

export interface ClusterSettings {
  readonly redisUrl: string | undefined;
  /** Of a PostgreSQL that several processes may use; past a PgBouncer. */
  readonly sharedDatabaseUrl: string | undefined;
}

/** What holds several processes together. */
@Global()
@Module({})
export class ClusterModule {
  static with(settings: ClusterSettings): DynamicModule {
    return {
      module: ClusterModule,
      providers: [
        Replicas,
        {
          provide: Bus,
          inject: [Database],
          useFactory: ({ commits }: Database) => {
            const bus = busFor(settings);
            commits.onNotify(() => bus.send({ kind: 'events' }));
            return bus;
          },
        },
      ],
      exports: [Replicas, Bus],
    };
  }
}

function busFor({ redisUrl, sharedDatabaseUrl }: ClusterSettings): Bus {
  if (redisUrl !== undefined) {
    return new BroadcastBus(new RedisCarrier(redisUrl));
  }
  return sharedDatabaseUrl === undefined ? new MemoryBus() : new BroadcastBus(new PostgresCarrier(sharedDatabaseUrl));
}
