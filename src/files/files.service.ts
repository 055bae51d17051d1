import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { now } from '../common/clock.js';
import { notFound } from '../common/errors/refusal.js';
import { mustBeOutsideTransactions } from '../common/outside-transactions.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { FilesRepository, type FileRow } from './files.repository.js';
import { Storage, type SignedUrl } from './storage.js';

export interface NewFile {
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  readonly name?: string | null;
}

/** One of the two: a file is uploaded once, and then downloaded. */
export interface FileLinks {
  readonly upload: SignedUrl | null;
  readonly download: SignedUrl | null;
}

/** What is sent beside words. In all methods `by` is the customer who asks; null is the client itself, which sees every file. */
@Injectable()
export class FilesService {
  constructor(
    private readonly files: FilesRepository,
    private readonly storage: Storage,
  ) {}

  /** Before `links` in a transaction: signing then asks nobody. */
  prepare(): Promise<void> {
    mustBeOutsideTransactions();
    return this.storage.prepare();
  }

  create(tenant: Tenant, { mimeType, size, name = null }: NewFile, by: string | null): Promise<FileRow> {
    return this.files.insert(tenant, { id: uuidv7(), ownerId: by, mimeType, size, name });
  }

  /** Null where there is none that `by` may fetch. */
  async find(tenant: Tenant, id: string, by: string | null): Promise<FileRow | null> {
    const [file] = await this.files.find(tenant, [id], by);
    return file ? this.settled(tenant, file) : null;
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, id: string, by: string | null): Promise<FileRow> {
    const file = await this.find(tenant, id, by);
    if (!file) {
      throw notFound('file');
    }
    return file;
  }

  async links(tenant: Tenant, file: FileRow): Promise<FileLinks> {
    return file.uploadedAt
      ? { upload: null, download: await this.storage.downloadUrl(tenant, file) }
      : { upload: await this.storage.uploadUrl(tenant, file), download: null };
  }

  /** Those that are uploaded and `by`'s to send, by their ids. */
  async findUploaded(tenant: Tenant, ids: readonly string[], by: string | null): Promise<ReadonlyMap<string, FileRow>> {
    const visible = await this.files.find(tenant, ids, by);
    const settled = await Promise.all(visible.map((file) => this.settled(tenant, file)));
    return new Map(settled.filter((file) => file.uploadedAt).map((file) => [file.id, file]));
  }

  /**
   * Lets the members of a channel fetch these files: after the message that holds them, in its transaction, for the
   * channel's row is locked later than its members'.
   */
  attach(tenant: Tenant, ids: readonly string[], channelId: string): Promise<void> {
    return this.files.attach(tenant, ids, channelId);
  }

  /** Whoever took the bytes may not have been able to say so: a store that is not ours, or a process that was killed. */
  private async settled(tenant: Tenant, file: FileRow): Promise<FileRow> {
    if (file.uploadedAt) {
      return file;
    }
    mustBeOutsideTransactions();
    if (!(await this.storage.holds(tenant, file))) {
      return file;
    }
    await this.files.markUploaded(tenant, file.id);
    return { ...file, uploadedAt: now() };
  }
}
