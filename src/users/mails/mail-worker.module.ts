import { Module } from '@nestjs/common';
import { UsersModule } from '../users.module.js';
import { MailWorker } from './mail-worker.js';

@Module({ imports: [UsersModule], providers: [MailWorker] })
export class MailWorkerModule {}
