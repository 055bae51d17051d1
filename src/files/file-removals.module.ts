import { Module } from '@nestjs/common';
import { FileRemovals } from './file-removals.js';
import { FileRemovalsRepository } from './file-removals.repository.js';
import { FilesModule } from './files.module.js';

/** Runs where requests are answered, for only there need a disk with files be. */
@Module({ imports: [FilesModule], providers: [FileRemovals, FileRemovalsRepository] })
export class FileRemovalsModule {}
