import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { S3Settings } from '../config.js';
import { now } from '../platform/common/clock.js';
import type { Refusal } from '../platform/common/errors/refusal.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { contentDisposition } from './content-disposition.js';
import type { RemovableFile } from './file-removals.repository.js';
import type { FileRow } from './files.repository.js';
import { DOWNLOAD_WITHIN_SECONDS, Storage, storageAway, uploadWithin, type Draft, type SignedUrl } from './storage.js';

/** For a file that we bring ourselves. */
const TRANSFER_TIMEOUT_MS = 20_000;
/** Milliseconds, for the one small question we ask ourselves. */
const TIMEOUTS_MS = { connectionTimeout: 2_000, requestTimeout: 5_000 } as const;

/**
 * Files in an S3-compatible store, at `<client>/<id>`. Its signed URLs lead there, so the bytes never pass through this
 * server. An upload URL is good until it expires, so its holder can replace the bytes by as many others until then.
 */
export class S3Storage extends Storage implements OnApplicationShutdown {
  private readonly logger = new Logger('Files');
  private readonly client: S3Client;
  private readonly bucket: string;

  constructor({ bucket, region, endpoint, credentials }: S3Settings) {
    super();
    this.bucket = bucket;
    this.client = new S3Client({
      region,
      maxAttempts: 2,
      requestHandler: TIMEOUTS_MS,
      // A checksum would have to be known before the bytes are.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(credentials === undefined ? {} : { credentials }),
    });
  }

  onApplicationShutdown(): void {
    this.client.destroy();
  }

  /** The SDK keeps credentials and renews them minutes before their time, so whoever signs next has them at hand. */
  async prepare(): Promise<void> {
    await this.client.config.credentials();
  }

  async probe(): Promise<void> {
    const place = { Bucket: this.bucket, Key: `.probe-${randomUUID()}` };
    await this.client.send(new PutObjectCommand({ ...place, Body: 'probe' }));
    const { Body } = await this.client.send(new GetObjectCommand(place));
    await Body?.transformToString();
    await this.client.send(new DeleteObjectCommand(place));
  }

  uploadUrl(tenant: Tenant, file: FileRow): Promise<SignedUrl> {
    // Among the signed headers, so that the store takes as many bytes and no others.
    const upload = new PutObjectCommand({ ...this.place(tenant, file), ContentLength: file.size });
    return this.signed(upload, uploadWithin(file));
  }

  downloadUrl(tenant: Tenant, file: FileRow): Promise<SignedUrl> {
    return this.signed(
      new GetObjectCommand({
        ...this.place(tenant, file),
        ResponseContentType: file.mimeType,
        ResponseContentDisposition: contentDisposition(file.name),
      }),
      DOWNLOAD_WITHIN_SECONDS,
    );
  }

  /** @throws Refusal 503 where the store does not say */
  async holds(tenant: Tenant, file: FileRow): Promise<boolean> {
    try {
      const { ContentLength } = await this.client.send(new HeadObjectCommand(this.place(tenant, file)));
      return ContentLength === file.size;
    } catch (error) {
      if ((error as Error).name === 'NotFound') {
        return false;
      }
      throw this.away(error);
    }
  }

  /** @throws Refusal 503 */
  async write(tenant: Tenant, file: FileRow, { path, size }: Draft): Promise<void> {
    const put = new PutObjectCommand({
      ...this.place(tenant, file),
      ContentLength: size,
      // In one piece, so that it can be sent again: none of these is large.
      Body: await readFile(path),
    });
    await this.client.send(put, { requestTimeout: TRANSFER_TIMEOUT_MS }).catch((error: unknown) => {
      throw this.away(error);
    });
  }

  /** @throws Refusal 503 */
  async read(tenant: Tenant, file: FileRow, from: number): Promise<Readable> {
    if (from >= file.size) {
      // The store refuses a range of nothing.
      return Readable.from([]);
    }
    try {
      const rest = from === 0 ? {} : { Range: `bytes=${from}-` };
      const { Body } = await this.client.send(new GetObjectCommand({ ...this.place(tenant, file), ...rest }));
      return Body as Readable;
    } catch (error) {
      throw this.away(error);
    }
  }

  async remove(file: RemovableFile): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.place(file, file)));
  }

  private async signed(command: PutObjectCommand | GetObjectCommand, seconds: number): Promise<SignedUrl> {
    const expiresAt = new Date(now().getTime() + seconds * 1000);
    return { url: await getSignedUrl(this.client, command, { expiresIn: seconds }), expiresAt };
  }

  private away(error: unknown): Refusal {
    this.logger.error(`The store of files failed: ${String(error)}`);
    return storageAway();
  }

  private place({ clientId }: Pick<Tenant, 'clientId'>, { id }: Pick<FileRow, 'id'>): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: `${clientId}/${id}` };
  }
}
