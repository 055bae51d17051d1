import { Module, type DynamicModule } from '@nestjs/common';
import { Housekeeping } from './housekeeping.js';
import { PushWorker } from './push-worker.js';
import { WebhookWorker } from './webhook-worker.js';
import { Worker } from './worker.js';

@Module({})
export class WorkerModule {
  /** @param databaseUrl past a PgBouncer, where there is one: the queue listens @param work where what is to be done is known */
  static with(databaseUrl: string, work: { webhooks: DynamicModule; push: DynamicModule }): DynamicModule {
    return {
      module: WorkerModule,
      imports: [work.webhooks, work.push],
      providers: [
        Housekeeping,
        {
          provide: Worker,
          inject: [Housekeeping],
          useFactory: (housekeeping: Housekeeping) => new Worker(databaseUrl, housekeeping),
        },
        WebhookWorker,
        PushWorker,
      ],
    };
  }
}
