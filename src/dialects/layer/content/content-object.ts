import type { FileLinks } from '../../../files/files.service.js';
import { layerUri } from '../layer-id.js';

/** What is too large for the body of a part. */
export interface ContentObject {
  readonly id: string;
  readonly size: number;
  readonly download_url: string | null;
  readonly expiration: string | null;
  readonly refresh_url: string;
}

/** The same where it is asked for by itself. */
export interface UploadObject extends ContentObject {
  readonly upload_url: string | null;
}

type Stored = { readonly id: string; readonly size: number };

/** @param base where this dialect is mounted, as the caller sees it: `https://host/layer` */
export function contentObject({ id, size }: Stored, { download }: FileLinks, base: string): ContentObject {
  return {
    id: layerUri('content', id),
    size,
    download_url: download && absoluteUrl(download.url, base),
    expiration: download && download.expiresAt.toISOString(),
    refresh_url: `${base}/content/${id}`,
  };
}

export function uploadObject(file: Stored, links: FileLinks, base: string): UploadObject {
  return { ...contentObject(file, links, base), upload_url: links.upload && absoluteUrl(links.upload.url, base) };
}

/** The bytes of a file lie beside this dialect, where they lie on this server. */
function absoluteUrl(url: string, base: string): string {
  return url.startsWith('/') ? base.replace(/\/layer$/, '') + url : url;
}
