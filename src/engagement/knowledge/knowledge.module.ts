import { Module } from '@nestjs/common';
import { FilesModule } from '../../files/files.module.js';
import { OutboundModule } from '../../platform/common/outbound/outbound.module.js';
import { DocumentsRepository } from './documents.repository.js';
import { DocumentsService } from './documents.service.js';
import { PageReader } from './page-reader.js';
import { DocumentReader } from './reading/document-reader.js';
import { RetrievalService } from './retrieval.service.js';

@Module({
  imports: [FilesModule, OutboundModule],
  providers: [DocumentsService, DocumentsRepository, RetrievalService, DocumentReader, PageReader],
  exports: [DocumentsService, DocumentsRepository, RetrievalService, DocumentReader, PageReader],
})
export class KnowledgeModule {}
