import type { Readable } from 'node:stream';
import { now } from '../platform/common/clock.js';
import { Refusal } from '../platform/common/errors/refusal.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import type { RemovableFile } from './file-removals.repository.js';
import type { FileRow } from './files.repository.js';

/**
 * Seconds in which an upload may begin, and a download. Layer's SDKs take a URL for expired ten minutes before its
 * time.
 */
export const UPLOAD_WITHIN_SECONDS = 3_600;
export const DOWNLOAD_WITHIN_SECONDS = 3_600;

/** None of the URLs of a file outlives it: what is brought after its end is nobody's. */
export function uploadWithin({ expiresAt }: FileRow): number {
  const left = expiresAt ? Math.floor((expiresAt.getTime() - now().getTime()) / 1000) : UPLOAD_WITHIN_SECONDS;
  return Math.max(1, Math.min(UPLOAD_WITHIN_SECONDS, left));
}

/** Seconds after which the storage may be asked again. */
const RETRY_AFTER_SECONDS = 2;

/** The storage can't be reached for now. */
export function storageAway(): Refusal {
  return new Refusal('storage_unavailable', 'The storage of files is temporarily unavailable', {
    retryAfter: RETRY_AFTER_SECONDS,
  });
}

/** The leave to put or fetch the bytes of one file, for whoever holds it, for a while. */
export interface SignedUrl {
  /** Whole, or a path of this server. */
  readonly url: string;
  readonly expiresAt: Date;
}

/** Bytes on the disk that have yet to get their place. */
export interface Draft {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Where the bytes of files are. Customers put and fetch them by signed URLs, never through a service. */
export abstract class Storage {
  /** Whatever signing needs from elsewhere is here afterwards, so that nobody waits for it in a transaction. */
  abstract prepare(): Promise<void>;

  /** Writes, reads and deletes something small. @throws what the store itself says */
  abstract probe(): Promise<void>;

  /** Takes exactly as many bytes as the file's size. */
  abstract uploadUrl(tenant: Tenant, file: FileRow): Promise<SignedUrl>;

  abstract downloadUrl(tenant: Tenant, file: FileRow): Promise<SignedUrl>;

  /** Whether all its bytes are there. */
  abstract holds(tenant: Tenant, file: FileRow): Promise<boolean>;

  /** Brings to their place what a service has fetched itself. */
  abstract write(tenant: Tenant, file: FileRow, draft: Draft): Promise<void>;

  /** Its bytes, from one on. */
  abstract read(tenant: Tenant, file: FileRow, from: number): Promise<Readable>;

  /** Also where there are none, or none any more. */
  abstract remove(file: RemovableFile): Promise<void>;
}
