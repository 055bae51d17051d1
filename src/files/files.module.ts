import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { FileRemovalsRepository } from './file-removals.repository.js';
import { FileRemovals } from './file-removals.js';
import { FilesController } from './files.controller.js';
import { FilesRepository } from './files.repository.js';
import { FilesService } from './files.service.js';
import { LocalFilesController } from './local/local-files.controller.js';
import { LocalFilesService } from './local/local-files.service.js';
import { LocalStorage } from './local/local-storage.js';
import type { S3Settings } from './s3-storage.js';
import { Storage } from './storage.js';

export interface FileSettings {
  readonly dataDir: string;
  readonly filesSecret: string | undefined;
  /** Absent: on the disk, under `dataDir`. */
  readonly s3: S3Settings | undefined;
  readonly role: string;
}

const REMOVALS: readonly Provider[] = [FileRemovals, FileRemovalsRepository];

@Module({})
export class FilesModule {
  static with(settings: FileSettings): DynamicModule {
    const { controllers, providers } = settings.s3 ? inS3(settings.s3) : onDisk(settings);
    return {
      module: FilesModule,
      controllers: [FilesController, ...controllers],
      providers: [FilesService, FilesRepository, ...providers, ...(settings.role === 'worker' ? [] : REMOVALS)],
      exports: [FilesService],
    };
  }
}

interface Parts {
  readonly controllers: readonly (new (...args: never[]) => object)[];
  readonly providers: readonly Provider[];
}

function onDisk({ dataDir, filesSecret }: FileSettings): Parts {
  return {
    controllers: [LocalFilesController],
    providers: [
      LocalFilesService,
      { provide: LocalStorage, useFactory: () => new LocalStorage(dataDir, filesSecret) },
      { provide: Storage, useExisting: LocalStorage },
    ],
  };
}

function inS3(settings: S3Settings): Parts {
  // Read only where it is needed: the SDK takes longer to load than all the rest.
  const useFactory = async (): Promise<Storage> => new (await import('./s3-storage.js')).S3Storage(settings);
  return { controllers: [], providers: [{ provide: Storage, useFactory }] };
}
