import { Module } from '@nestjs/common';
import { Config } from '../config.js';
import { Drafts } from './drafts.js';
import { FilesController } from './files.controller.js';
import { FilesRepository } from './files.repository.js';
import { FilesService } from './files.service.js';
import { LocalStorage } from './local/local-storage.js';
import { Storage } from './storage.js';

const DRAFTS = { provide: Drafts, inject: [Config], useFactory: ({ dataDir }: Config) => new Drafts(dataDir) };

@Module({
  controllers: [FilesController],
  providers: [FilesService, FilesRepository, DRAFTS, { provide: Storage, inject: [Config], useFactory: storageOf }],
  exports: [FilesService, FilesRepository, Storage, Drafts],
})
export class FilesModule {}

/** As the settings say. */
export async function storageOf({
  s3,
  dataDir,
  filesSecret,
}: Pick<Config, 's3' | 'dataDir' | 'filesSecret'>): Promise<Storage> {
  if (!s3) {
    return new LocalStorage(dataDir, filesSecret);
  }
  // Read only where it is needed: the SDK takes longer to load than all the rest.
  const { S3Storage } = await import('./s3-storage.js');
  return new S3Storage(s3);
}
