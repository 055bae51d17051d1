import { Module } from '@nestjs/common';
import { InboxModule } from './conversations.module.js';
import { SnoozeWorker } from './snooze-worker.js';

/** For processes that work. */
@Module({ imports: [InboxModule], providers: [SnoozeWorker] })
export class SnoozeWorkerModule {}
