import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config.js';
import { FilesService, type FileRow } from '../../files/files.service.js';
import { ReasonedRefusal, type Reason } from '../../platform/common/errors/reasons.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { DownloadError, type DownloadProblem } from '../../platform/common/outbound/download.js';
import { OutboundPolicy, problemOf } from '../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { ProviderKind } from '../providers/messaging-provider.entity.js';
import { KINDS } from '../providers/provider-kinds.js';
import { MediaFetcher, type FetchedMedia } from './media-fetcher.js';
import { mediaTypeOf } from './media-types.js';

const MAX_MEDIA = 10;
const MAX_URL = 2_048;
const MAX_FILE_BYTES = 5 * 1024 * 1024;
/** For all files of a message. */
const TIMEOUT_MS = 20_000;

const REASONS: Readonly<Record<DownloadProblem, Reason>> = {
  forbidden: 'invalid_media',
  unreachable: 'media_unreachable',
  too_large: 'media_too_large',
};

/** Files that go out with a message: fetched when it is accepted, so that a bad address is told at once. */
@Injectable()
export class OutboundMedia {
  constructor(
    private readonly fetcher: MediaFetcher,
    private readonly files: FilesService,
    private readonly policy: OutboundPolicy,
    @Inject(Config) private readonly settings: Pick<Config, 'publicUrl'>,
  ) {}

  /** Bytes of all files of a message together that a provider takes; null where it carries none, or could not fetch them. */
  maxBytesOf(kind: ProviderKind): number | null {
    const isReachable = kind === 'simulator' || this.settings.publicUrl !== undefined;
    return isReachable ? (KINDS[kind].mediaBytes ?? null) : null;
  }

  /** What can be told without the network. @throws Refusal 422 */
  check(tenant: Tenant, urls: readonly string[]): void {
    if (urls.length > MAX_MEDIA) {
      throw new ReasonedRefusal('invalid_media', `A message has at most ${MAX_MEDIA} media`);
    }
    const rules = this.policy.rulesFor(tenant);
    for (const [at, url] of urls.entries()) {
      const problem = url.length > MAX_URL ? `must not be longer than ${MAX_URL} characters.` : problemOf(url, rules);
      if (problem !== null) {
        throw new ReasonedRefusal('invalid_media', `Media ${at + 1} ${problem.replace(/\.$/, '')}`);
      }
    }
  }

  /**
   * The same files as the client's own, in their order; those that no message comes to hold go in a day. All of them or none.
   * @param maxBytes of all together
   * @throws Refusal 422 for the first that failed, 503
   */
  async fetch(tenant: Tenant, urls: readonly string[], maxBytes: number): Promise<readonly FileRow[]> {
    const fetched = await this.fetchAll(tenant, urls);
    try {
      if (fetched.reduce((sum, { draft }) => sum + draft.size, 0) > maxBytes) {
        throw new ReasonedRefusal('media_too_large', `The media have more than ${maxBytes} bytes together`);
      }
      const types = await Promise.all(fetched.map(typeOf));
      return await Promise.all(
        fetched.map(({ draft, name }, at) => this.files.keep(tenant, draft, { mimeType: types[at]!, name })),
      );
    } catch (error) {
      throw error instanceof Refusal && error.code === 'storage_limit_reached'
        ? new ReasonedRefusal('media_too_large', 'The storage of the workspace has no room left for the media')
        : error;
    } finally {
      await this.fetcher.discard(fetched);
    }
  }

  private async fetchAll(tenant: Tenant, urls: readonly string[]): Promise<readonly FetchedMedia[]> {
    const failed = new AbortController();
    const signal = AbortSignal.any([failed.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const failures: unknown[] = [];
    const all = await Promise.all(
      urls.map(async (url, at) => {
        try {
          return await this.fetcher.fetch(tenant, { url, maxBytes: MAX_FILE_BYTES, signal });
        } catch (error) {
          failures.push(error instanceof DownloadError ? refusalFor(error, at) : error);
          failed.abort();
          return null;
        }
      }),
    );
    const fetched = all.filter((one) => one !== null);
    if (failures.length > 0) {
      await this.fetcher.discard(fetched);
      throw failures[0];
    }
    return fetched;
  }
}

function refusalFor({ problem, message }: DownloadError, at: number): Refusal {
  return new ReasonedRefusal(REASONS[problem], `Media ${at + 1} was refused: ${message}`);
}

/** @throws Refusal 422 */
async function typeOf({ head, contentType }: FetchedMedia, at: number): Promise<string> {
  const type = await mediaTypeOf(head, contentType);
  if (type === null) {
    throw new ReasonedRefusal('media_type_not_allowed', `Media ${at + 1} is not what may be sent, or not what it says`);
  }
  return type;
}
