import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { ClientsService } from '../../clients/clients.service.js';
import { Config } from '../../config.js';
import { FilesService, type FileRow } from '../../files/files.service.js';
import { now } from '../../platform/common/clock.js';
import { DAY_MS } from '../../platform/common/durations.js';
import { forbidden, notFound } from '../../platform/common/errors/refusal.js';
import { formatSid } from '../../platform/common/ids/sid.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { checkSignature, signPath } from '../../platform/common/signed-path.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { MediaRepository, type FilePart } from './media.repository.js';

/** A row of which a file is known, with its address. */
export type Signed<T> = Omit<T, 'files'> & { readonly media: readonly SignedMedia[] };

/** Longer than a provider queues a message before it fetches them. */
const LIFETIME_MS = DAY_MS;

/** A file of a message, for whoever is to fetch it. */
export interface SignedMedia {
  readonly fileId: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** Good for a day, by GET and HEAD alike, without a key. */
  readonly url: string;
}

/** The files of messages, for providers and for pages: by addresses of this server, wherever their bytes are. */
@Injectable()
export class MediaService {
  constructor(
    private readonly media: MediaRepository,
    private readonly files: FilesService,
    private readonly clients: ClientsService,
    @Inject(Config) private readonly settings: Pick<Config, 'publicUrl' | 'port'>,
  ) {}

  /** The same rows, with addresses for their files. Asks for the key once, and only where there is a file. */
  async sign<T extends { readonly id: string; readonly files: readonly FilePart[] }>(
    tenant: Tenant,
    rows: readonly T[],
  ): Promise<Signed<T>[]> {
    const hasFiles = rows.some(({ files }) => files.length > 0);
    const key = hasFiles ? await this.keyOf(tenant) : null;
    const expiresAt = new Date(now().getTime() + LIFETIME_MS);
    return rows.map(({ files, ...row }) => {
      const signed = key === null ? [] : files;
      const media = signed.map(({ fileId, mimeType: contentType, size }, at) => {
        const path = `/api/media/${formatId('client', tenant.clientId)}/${formatSid(row.id, 'mms')}/${at}`;
        return { fileId, contentType, size, url: this.base + signPath(key!, 'GET', path, expiresAt) };
      });
      return { ...row, media };
    });
  }

  /** What a signed address leads to. @throws Refusal 403 where it was changed or its time is over, 404 */
  async find(
    tenant: Tenant,
    { messageId, at }: { readonly messageId: string; readonly at: number },
    signed: { readonly path: string; readonly query: Readonly<Record<string, unknown>> },
  ): Promise<FileRow> {
    const key = await this.keyOf(tenant);
    if (key === null) {
      throw forbidden('Invalid signature');
    }
    checkSignature(key, 'GET', signed.path, signed.query);
    const id = await this.media.findFile(tenant, messageId, at);
    if (id === null) {
      throw notFound('file');
    }
    return this.files.get(tenant, id, null);
  }

  read(tenant: Tenant, file: FileRow): Promise<Readable> {
    return this.files.read(tenant, file);
  }

  /** The client's own, which is the same in all processes; null where it is disabled. */
  private async keyOf({ clientId }: Tenant): Promise<Buffer | null> {
    return (await this.clients.findEnabled(clientId))?.realtimeSecret ?? null;
  }

  private get base(): string {
    return this.settings.publicUrl ?? `http://localhost:${this.settings.port}`;
  }
}
