import { Module } from '@nestjs/common';
import { MessageSearchRepository } from './message-search.repository.js';
import { MessageSearchWorker } from './message-search-worker.js';

/** For processes that work. */
@Module({ providers: [MessageSearchWorker, MessageSearchRepository] })
export class MessageSearchWorkerModule {}
