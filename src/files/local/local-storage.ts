import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DAY_MS, HOUR_MS } from '../../platform/common/durations.js';
import { now } from '../../platform/common/clock.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { secretIn } from '../../platform/common/installation-secret.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { RemovableFile } from '../file-removals.repository.js';
import type { FileRow } from '../files.repository.js';
import { DOWNLOAD_WITHIN_SECONDS, Storage, storageAway, uploadWithin, type SignedUrl } from '../storage.js';
import { checkSignature, signPath, type Deed } from './signature.js';

/** Milliseconds; an upload under way writes far more often. */
const UNFINISHED_AFTER_MS = DAY_MS;
const SWEEP_EVERY_MS = HOUR_MS;

/** Files on the disk, at `files/<client>/<id>`; its signed URLs lead to this server. */
export class LocalStorage extends Storage implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly root: string;
  private readonly incoming: string;
  private readonly logger = new Logger('Files');
  private made: Promise<string> | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param secret signs; absent, one is kept in `directory` */
  constructor(
    private readonly directory: string,
    private readonly secret: string | undefined,
  ) {
    super();
    this.root = join(directory, 'files');
    this.incoming = join(this.root, 'incoming');
  }

  onApplicationBootstrap(): void {
    const sweep = (): void => void this.sweep().catch((error: unknown) => this.logger.warn((error as Error).message));
    sweep();
    this.timer = setInterval(sweep, SWEEP_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async prepare(): Promise<void> {
    await this.key();
  }

  uploadUrl(tenant: Tenant, file: FileRow): Promise<SignedUrl> {
    return this.signedUrl('PUT', tenant, file, uploadWithin(file));
  }

  downloadUrl(tenant: Tenant, file: FileRow): Promise<SignedUrl> {
    return this.signedUrl('GET', tenant, file, DOWNLOAD_WITHIN_SECONDS);
  }

  /** @throws Refusal 403 where `path` was not signed, or not for this */
  async check(deed: Deed, path: string, query: Readonly<Record<string, unknown>>): Promise<void> {
    checkSignature(await this.key(), deed, path, query);
  }

  async holds(tenant: Tenant, file: FileRow): Promise<boolean> {
    const size = await stat(this.pathOf(tenant, file)).then(
      (found) => found.size,
      () => null,
    );
    return size === file.size;
  }

  async remove({ clientId, id }: RemovableFile): Promise<void> {
    await rm(join(this.root, clientId, id), { force: true });
  }

  pathOf({ clientId }: Tenant, { id }: FileRow): string {
    return join(this.root, clientId, id);
  }

  /**
   * Writes the bytes down beside their place, and answers where. What was not all there is gone again.
   * @throws Refusal 400 where they broke off, 422 where they are more or fewer than they should be, 503 where the disk
   * is full
   */
  draft(bytes: Readable, size: number): Promise<string> {
    return this.onDisk(async () => {
      await mkdir(this.incoming, { recursive: true, mode: 0o700 });
      const path = join(this.incoming, randomUUID());
      const draft = await open(path, 'wx', 0o600);
      try {
        await copy(bytes, draft, size);
        await draft.datasync();
      } catch (error) {
        await this.discard(path);
        throw error;
      } finally {
        await draft.close();
      }
      return path;
    });
  }

  /** Brings a draft to its place. @throws Refusal 503 */
  keep(draft: string, tenant: Tenant, file: FileRow): Promise<void> {
    return this.onDisk(async () => {
      const path = this.pathOf(tenant, file);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await rename(draft, path);
    });
  }

  /** Also where there is none any more. */
  async discard(draft: string): Promise<void> {
    await rm(draft, { force: true });
  }

  private async signedUrl(deed: Deed, tenant: Tenant, { id }: FileRow, seconds: number): Promise<SignedUrl> {
    const expiresAt = new Date(now().getTime() + seconds * 1000);
    const path = `/files/${formatId('client', tenant.clientId)}/${formatId('file', id)}`;
    return { url: signPath(await this.key(), deed, path, expiresAt), expiresAt };
  }

  private async key(): Promise<string> {
    if (this.secret !== undefined) {
      return this.secret;
    }
    this.made ??= secretIn(this.directory, 'files-secret');
    try {
      return await this.made;
    } catch (error) {
      this.made = undefined;
      throw error;
    }
  }

  /** What the disk does not do, nobody's request is to blame for: it may be full, and is not for ever. */
  private async onDisk<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall === undefined) {
        throw error;
      }
      this.logger.error(`The disk of files failed: ${(error as Error).message}`);
      throw storageAway();
    }
  }

  /** Removes what processes left that were killed while they wrote. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.incoming).catch(() => [])) {
      const path = join(this.incoming, name);
      const touched = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => Infinity,
      );
      if (touched < now().getTime() - UNFINISHED_AFTER_MS) {
        await this.discard(path);
      }
    }
  }
}

/** Not by pipeline(): it would hang up on a sender who has yet to read why it was refused. */
async function copy(bytes: Readable, to: FileHandle, size: number): Promise<void> {
  let copied = 0;
  try {
    for await (const chunk of bytes.iterator({ destroyOnReturn: false })) {
      copied += (chunk as Buffer).length;
      if (copied > size) {
        throw wrongSize(size);
      }
      await to.writeFile(chunk as Buffer);
    }
  } catch (error) {
    throw error === bytes.errored ? new Refusal('malformed', 'The upload broke off') : error;
  }
  if (copied < size) {
    throw wrongSize(size);
  }
}

export function wrongSize(size: number): Refusal {
  return new Refusal('wrong_size', `This file must have exactly ${size} bytes`);
}
