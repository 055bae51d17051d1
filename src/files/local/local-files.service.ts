import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { notFound, Refusal } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { FilesRepository, type FileRow } from '../files.repository.js';
import { FilesService } from '../files.service.js';
import { Storage } from '../storage.js';
import { wrongSize, type LocalStorage } from './local-storage.js';

/** What this server does itself where files are on its disk: takes their bytes and gives them out. */
@Injectable()
export class LocalFilesService {
  constructor(
    private readonly files: FilesService,
    private readonly rows: FilesRepository,
    @Inject(Storage) private readonly storage: LocalStorage,
  ) {}

  /**
   * The file that an upload is for.
   * @param length how many bytes are announced, where that is said
   * @throws Refusal 404, 409 where it was uploaded before, 422 where they are not as many as it has
   */
  async expect(tenant: Tenant, id: string, length: number | undefined): Promise<FileRow> {
    const file = await this.files.get(tenant, id, null);
    if (file.uploadedAt) {
      throw uploadedBefore();
    }
    if (length !== undefined && length !== file.size) {
      throw wrongSize(file.size);
    }
    return file;
  }

  /** Keeps the bytes, all of them or none. @throws Refusal 400, 404, 409 or 422 */
  async receive(tenant: Tenant, file: FileRow, bytes: Readable): Promise<void> {
    const draft = await this.storage.draft(bytes, file.size);
    try {
      if (!(await this.rows.publish(tenant, file.id, () => this.storage.keep(draft, tenant, file)))) {
        // It may as well be gone: then that is what is said.
        await this.files.get(tenant, file.id, null);
        throw uploadedBefore();
      }
    } finally {
      await this.storage.discard(draft);
    }
  }

  /** A file whose bytes are there, and their place on the disk. @throws Refusal 404 */
  async open(tenant: Tenant, id: string): Promise<{ file: FileRow; path: string }> {
    const file = await this.files.get(tenant, id, null);
    if (!file.uploadedAt) {
      throw notFound('file');
    }
    return { file, path: this.storage.pathOf(tenant, file) };
  }
}

function uploadedBefore(): Refusal {
  return new Refusal('already_uploaded', 'This file was uploaded before');
}
