import { Module } from '@nestjs/common';
import { FilesModule } from '../files.module.js';
import { LocalFilesController } from './local-files.controller.js';
import { LocalFilesService } from './local-files.service.js';

/** Where this server keeps the files itself. */
@Module({ imports: [FilesModule], controllers: [LocalFilesController], providers: [LocalFilesService] })
export class LocalFilesModule {}
