import { Injectable, Logger } from '@nestjs/common';
import { FilesService } from '../../files/files.service.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { DownloadError } from '../../platform/common/outbound/download.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { MediaFetcher } from '../media/media-fetcher.js';
import type { MessageProvider } from '../providers/provider.js';
import type { PendingMedia } from '../worker/delivery-job.entity.js';

const MAX_FILE_BYTES = 10 * 1024 * 1024;
const TYPE = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;
const ANY_TYPE = 'application/octet-stream';
/** For all files of a message: well within the lease of its job. */
const TIMEOUT_MS = 40_000;

/** Brings the files that came with a message from the provider. */
@Injectable()
export class InboundMedia {
  private readonly logger = new Logger('Media');

  constructor(
    private readonly fetcher: MediaFetcher,
    private readonly files: FilesService,
  ) {}

  /** The same, with the ids of those that are here now. */
  async fetch(
    tenant: Tenant,
    media: readonly PendingMedia[],
    provider: MessageProvider | null,
  ): Promise<readonly PendingMedia[]> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return Promise.all(
      media.map(async (one) => {
        if (one.fileId !== undefined) {
          return one;
        }
        try {
          return { ...one, fileId: await this.bring(tenant, one, provider, signal) };
        } catch (error) {
          if (!(error instanceof DownloadError || error instanceof Refusal)) {
            throw error;
          }
          this.logger.warn(`A file of an inbound message did not come: ${error.message}`);
          return one;
        }
      }),
    );
  }

  /** @throws DownloadError, or Refusal where there is no room for it */
  private async bring(
    tenant: Tenant,
    { url = '', contentType }: PendingMedia,
    provider: MessageProvider | null,
    signal: AbortSignal,
  ): Promise<string> {
    const leave = provider?.mediaRequest?.(url);
    const fetched = await this.fetcher.fetch(tenant, { url, maxBytes: MAX_FILE_BYTES, signal, ...leave });
    try {
      const mimeType = [fetched.contentType, contentType ?? ''].find((type) => TYPE.test(type)) ?? ANY_TYPE;
      return (await this.files.keep(tenant, fetched.draft, { mimeType, name: fetched.name })).id;
    } finally {
      await this.fetcher.discard([fetched]);
    }
  }
}
