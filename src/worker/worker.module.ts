import { Module, type DynamicModule } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Bus } from '../jobs/bus.js';
import { Housekeeping } from '../jobs/housekeeping.js';
import { Deliverer } from '../webhooks/deliverer.js';
import { PushWorker } from './push-worker.js';
import { Worker } from './worker.js';

@Module({})
export class WorkerModule {
  /** @param databaseUrl past a PgBouncer, where there is one: the queue listens @param work where what is to be done is known */
  static with(databaseUrl: string, work: { webhooks: DynamicModule; push: DynamicModule }): DynamicModule {
    return {
      module: WorkerModule,
      imports: [work.webhooks, work.push],
      providers: [
        {
          provide: Worker,
          inject: [Database, Bus, Deliverer, Housekeeping],
          useFactory: (database: Database, bus: Bus, deliverer: Deliverer, housekeeping: Housekeeping) =>
            new Worker(databaseUrl, database, bus, deliverer, housekeeping),
        },
        PushWorker,
      ],
    };
  }
}
