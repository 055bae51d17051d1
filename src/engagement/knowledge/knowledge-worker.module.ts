import { Module } from '@nestjs/common';
import { FilesModule } from '../../files/files.module.js';
import { DocumentWorker } from './document-worker.js';
import { InstallationModel } from './installation-model.js';
import { KnowledgeModule } from './knowledge.module.js';

/** For processes that work. */
@Module({ imports: [KnowledgeModule, FilesModule], providers: [DocumentWorker, InstallationModel] })
export class KnowledgeWorkerModule {}
