import { Module } from '@nestjs/common';
import { FilesModule } from '../../files/files.module.js';
import { ContactsModule } from '../contacts.module.js';
import { ImportTurns } from './import-turns.js';
import { ImportWorker } from './import-worker.js';

/** For processes that work. */
@Module({ imports: [ContactsModule, FilesModule], providers: [ImportWorker, ImportTurns] })
export class ImportWorkerModule {}
