import { unixSeconds } from '../platform/common/clock.js';
import { formatId } from '../platform/common/ids/type-id.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import type { FileDto } from './file.dto.js';
import type { FileRow } from './files.repository.js';
import type { FileLinks } from './files.service.js';
import type { SignedUrl } from './storage.js';

/** @param base what stands before a path of this server */
export function presentFile(tenant: Tenant, file: FileRow, { upload, download }: FileLinks, base: string): FileDto {
  return {
    object: 'file',
    id: formatId('file', file.id),
    mime_type: file.mimeType,
    size: file.size,
    name: file.name,
    uploaded: file.uploadedAt !== null,
    upload_url: absoluteUrl(upload, base),
    upload_expires_at: upload && unixSeconds(upload.expiresAt),
    download_url: absoluteUrl(download, base),
    download_expires_at: download && unixSeconds(download.expiresAt),
    created: unixSeconds(file.createdAt),
    livemode: tenant.livemode,
  };
}

export function absoluteUrl(signed: SignedUrl | null, base: string): string | null {
  return signed && (signed.url.startsWith('/') ? base + signed.url : signed.url);
}
