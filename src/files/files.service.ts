import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { uuidv7 } from 'uuidv7';
import { now } from '../platform/common/clock.js';
import { notFound, Refusal } from '../platform/common/errors/refusal.js';
import { mustBeOutsideTransactions } from '../platform/common/outside-transactions.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { FilesRepository, type FileRow } from './files.repository.js';
import { headIn, headOf, isOpened, openedType } from './opened-type.js';
import { Storage, type Draft, type SignedUrl } from './storage.js';

export type { FileRow };

export interface NewFile {
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  readonly name?: string | null;
  /** How long it lives while no message holds it. */
  readonly unsentHours?: number;
}

const UNSENT_HOURS = 24;

/** One of the two: a file is uploaded once, and then downloaded. */
export interface FileLinks {
  readonly upload: SignedUrl | null;
  readonly download: SignedUrl | null;
}

/** Files. In all methods `viewer` is the customer who asks; null is the client itself, which sees every file. */
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

  /** Takes its room at once, and gives it back when it goes: in a day, unless it is sent. @throws Refusal 422 on `size` */
  async create(tenant: Tenant, wanted: NewFile, viewer: string | null): Promise<FileRow> {
    const { mimeType, size, name = null, unsentHours = UNSENT_HOURS } = wanted;
    const file = await this.files.insert(tenant, { id: uuidv7(), ownerId: viewer, mimeType, size, name, unsentHours });
    if (!file) {
      throw noRoom();
    }
    return file;
  }

  /** A file of the client's own, whose bytes a service has fetched. @throws Refusal 422 on `size`, 503 */
  async keep(tenant: Tenant, draft: Draft, about: Omit<NewFile, 'size'>): Promise<FileRow> {
    mustBeOutsideTransactions();
    const file = await this.create(tenant, { ...about, size: draft.size }, null);
    const mimeType = await this.typeOf(file, () => headOf(draft));
    await this.storage.write(tenant, file, draft);
    await this.files.markUploaded(tenant, file.id, mimeType);
    return { ...file, mimeType, uploadedAt: now() };
  }

  /** What it is: as was said before it came, where its bytes do not say otherwise. */
  async typeOf({ mimeType }: Pick<FileRow, 'mimeType'>, head: () => Promise<Buffer>): Promise<string> {
    return isOpened(mimeType) ? openedType(mimeType, await head()) : mimeType;
  }

  /** Its bytes, from one on. @throws Refusal 503 */
  read(tenant: Tenant, file: FileRow, from = 0): Promise<Readable> {
    mustBeOutsideTransactions();
    return this.storage.read(tenant, file, from);
  }

  /** These stay until whoever needs them gives them up: see `deleteUnheld`. */
  retain(tenant: Tenant, ids: readonly string[]): Promise<void> {
    return this.files.retain(tenant, ids);
  }

  /** Null where there is none that `viewer` may fetch. */
  async find(tenant: Tenant, id: string, viewer: string | null): Promise<FileRow | null> {
    const [file] = await this.files.find(tenant, [id], viewer);
    return file ? this.settled(tenant, file) : null;
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, id: string, viewer: string | null): Promise<FileRow> {
    const file = await this.find(tenant, id, viewer);
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

  /** Those that are uploaded and `viewer`'s to send, by their ids. */
  async findUploaded(
    tenant: Tenant,
    ids: readonly string[],
    viewer: string | null,
  ): Promise<ReadonlyMap<string, FileRow>> {
    const visible = await this.files.find(tenant, ids, viewer);
    const settled = await Promise.all(visible.map((file) => this.settled(tenant, file)));
    return new Map(settled.filter((file) => file.uploadedAt).map((file) => [file.id, file]));
  }

  /**
   * A message in a channel holds these files, so its members may fetch them: after it was sent, in its transaction, for
   * files are locked last. Answers which of them are there: others went meanwhile.
   */
  attach(tenant: Tenant, ids: readonly string[], channelId: string): Promise<string[]> {
    return this.files.attach(tenant, ids, channelId);
  }

  /** That message was deleted: what no other holds goes. In its transaction, at the end. */
  detach(tenant: Tenant, ids: readonly string[], channelId: string): Promise<void> {
    return this.files.detach(tenant, ids, channelId);
  }

  /** What was sent in a channel, which is locked. */
  sentIn(tenant: Tenant, channelId: string): Promise<string[]> {
    return this.files.sentIn(tenant, channelId);
  }

  /** Of these, what no message holds goes. In a transaction, at the end. */
  deleteUnheld(tenant: Tenant, ids: readonly string[]): Promise<void> {
    return this.files.deleteUnheld(tenant, ids);
  }

  /** Up to `limit` files of a customer: what was not sent goes, the rest stays and is nobody's. Answers how many. */
  disown(tenant: Tenant, ownerId: string, limit: number): Promise<number> {
    return this.files.disown(tenant, ownerId, limit);
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
    const mimeType = await this.typeOf(file, async () => headIn(await this.storage.read(tenant, file, 0)));
    await this.files.markUploaded(tenant, file.id, mimeType);
    return { ...file, mimeType, uploadedAt: now() };
  }
}

function noRoom(): Refusal {
  return new Refusal('storage_limit_reached', 'The given data was invalid.', {
    errors: { size: ['The size field is more than the storage has room for.'] },
  });
}
