import { Module } from '@nestjs/common';
import { DocumentsRepository } from './documents.repository.js';
import { DocumentsService } from './documents.service.js';
import { RetrievalService } from './retrieval.service.js';

@Module({
  providers: [DocumentsService, DocumentsRepository, RetrievalService],
  exports: [DocumentsService, RetrievalService],
})
export class KnowledgeModule {}
