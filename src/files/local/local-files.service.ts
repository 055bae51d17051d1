import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { notFound, Refusal } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { FilesRepository, type FileRow } from '../files.repository.js';
import { FilesService } from '../files.service.js';
import { headOf } from '../opened-type.js';
import { Storage } from '../storage.js';
import { Drafts } from '../drafts.js';
import type { LocalStorage } from './local-storage.js';

/** What this server does itself where files are on its disk: takes their bytes and gives them out. */
@Injectable()
export class LocalFilesService {
  constructor(
    private readonly files: FilesService,
    private readonly rows: FilesRepository,
    @Inject(Storage) private readonly storage: LocalStorage,
    private readonly drafts: Drafts,
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
    const draft = await this.drafts.write(exactly(file.size, bytes));
    try {
      const mimeType = await this.files.typeOf(file, () => headOf(draft));
      if (!(await this.rows.publish(tenant, file.id, mimeType, () => this.storage.write(tenant, file, draft)))) {
        // It may as well be gone: then that is what is said.
        await this.files.get(tenant, file.id, null);
        throw uploadedBefore();
      }
    } finally {
      await this.drafts.discard(draft);
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

/**
 * Not by pipeline(): it would hang up on a sender who has yet to read why it was refused.
 * @throws Refusal 400 where they broke off, 422 where they are more or fewer than they should be
 */
async function* exactly(size: number, bytes: Readable): AsyncIterable<Buffer> {
  let received = 0;
  try {
    for await (const chunk of bytes.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (received > size) {
        throw wrongSize(size);
      }
      yield chunk;
    }
  } catch (error) {
    throw error === bytes.errored ? new Refusal('malformed', 'The upload broke off') : error;
  }
  if (received < size) {
    throw wrongSize(size);
  }
}

function wrongSize(size: number): Refusal {
  return new Refusal('wrong_size', `This file must have exactly ${size} bytes`);
}
