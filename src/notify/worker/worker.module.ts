import { Module } from '@nestjs/common';
import { PushModule } from '../push/push.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { Housekeeping } from './housekeeping.js';
import { PushWorker } from './push-worker.js';
import { WebhookWorker } from './webhook-worker.js';
import { Worker } from './worker.js';

@Module({ imports: [WebhooksModule, PushModule], providers: [Housekeeping, Worker, WebhookWorker, PushWorker] })
export class WorkerModule {}
