import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Logger } from '@nestjs/common';
import { now } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { secretIn } from '../../platform/common/installation-secret.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { onDisk } from '../drafts.js';
import type { RemovableFile } from '../file-removals.repository.js';
import type { FileRow } from '../files.repository.js';
import { DOWNLOAD_WITHIN_SECONDS, Storage, uploadWithin, type Draft, type SignedUrl } from '../storage.js';
import { checkSignature, signPath, type Deed } from '../../platform/common/signed-path.js';

/** Files on the disk, at `files/<client>/<id>`; its signed URLs lead to this server. */
export class LocalStorage extends Storage {
  private readonly root: string;
  private readonly logger = new Logger('Files');
  private made: Promise<string> | undefined;

  /** @param secret signs; absent, one is kept in `directory` */
  constructor(
    private readonly directory: string,
    private readonly secret: string | undefined,
  ) {
    super();
    this.root = join(directory, 'files');
  }

  async prepare(): Promise<void> {
    await this.key();
  }

  async probe(): Promise<void> {
    const path = join(this.root, `.probe-${randomUUID()}`);
    await mkdir(this.root, { recursive: true, mode: 0o700 });
    try {
      await writeFile(path, 'probe');
      await readFile(path);
    } finally {
      await rm(path, { force: true });
    }
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

  /** @throws Refusal 503 */
  write(tenant: Tenant, file: FileRow, draft: Draft): Promise<void> {
    return onDisk(this.logger, async () => {
      const path = this.pathOf(tenant, file);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await rename(draft.path, path);
    });
  }

  /** @throws Refusal 503 */
  read(tenant: Tenant, file: FileRow, from: number): Promise<Readable> {
    return onDisk(this.logger, async () => (await open(this.pathOf(tenant, file))).createReadStream({ start: from }));
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
}
