import { Module } from '@nestjs/common';
import { FilesModule } from '../../files/files.module.js';
import { OutboundModule } from '../../platform/common/outbound/outbound.module.js';
import { AiModule } from '../ai/ai.module.js';
import { DocumentEmbedder } from './document-embedder.js';
import { DocumentVectorsRepository } from './document-vectors.repository.js';
import { DocumentsRepository } from './documents.repository.js';
import { DocumentsService } from './documents.service.js';
import { PageReader } from './page-reader.js';
import { DocumentReader } from './reading/document-reader.js';
import { RetrievalService } from './retrieval.service.js';

@Module({
  imports: [AiModule, FilesModule, OutboundModule],
  providers: [
    DocumentsService,
    DocumentsRepository,
    DocumentVectorsRepository,
    RetrievalService,
    DocumentReader,
    DocumentEmbedder,
    PageReader,
  ],
  exports: [DocumentsService, DocumentsRepository, RetrievalService, DocumentReader, DocumentEmbedder, PageReader],
})
export class KnowledgeModule {}
