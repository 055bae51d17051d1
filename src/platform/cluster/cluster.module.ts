import { Global, Module } from '@nestjs/common';
import { Config } from '../../config.js';
import { Database } from '../database/database.js';
import { BroadcastBus } from './broadcast-bus.js';
import { Bus, MemoryBus } from './bus.js';
import { PostgresCarrier } from './postgres-carrier.js';
import { RedisCarrier } from './redis-carrier.js';
import { Replicas } from './replicas.js';

/** What holds several processes together. */
@Global()
@Module({
  providers: [
    Replicas,
    {
      provide: Bus,
      inject: [Config, Database],
      useFactory: (config: Config, { commits }: Database) => {
        const bus = busFor(config);
        commits.onNotify(() => bus.send({ kind: 'events' }));
        return bus;
      },
    },
  ],
  exports: [Replicas, Bus],
})
export class ClusterModule {}

/** A private PostgreSQL is of this process alone. */
function busFor({ redisUrl, databaseUrl, databaseDirectUrl = databaseUrl }: Config): Bus {
  if (redisUrl !== undefined) {
    return new BroadcastBus(new RedisCarrier(redisUrl));
  }
  return databaseUrl === undefined ? new MemoryBus() : new BroadcastBus(new PostgresCarrier(databaseDirectUrl!));
}
