import { Module } from '@nestjs/common';
import { ClientsModule } from '../../../clients/clients.module.js';
import { KnowledgeModule } from '../../knowledge/knowledge.module.js';
import { AiModule } from '../ai.module.js';
import { SentimentService } from '../sentiment/sentiment.service.js';
import { AiRepliesRepository } from './ai-replies.repository.js';
import { AiRepliesService } from './ai-replies.service.js';

/** What models are asked about conversations. */
@Module({
  imports: [AiModule, ClientsModule, KnowledgeModule],
  providers: [AiRepliesService, AiRepliesRepository, SentimentService],
  exports: [AiRepliesService, SentimentService],
})
export class AiRepliesModule {}
