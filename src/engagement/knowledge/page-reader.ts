import { Injectable } from '@nestjs/common';
import parser from 'robots-parser';
import { SECOND_MS } from '../../platform/common/durations.js';
import { invalid, unfit, type Refusal } from '../../platform/common/errors/refusal.js';
import { download, DownloadError, type Downloaded } from '../../platform/common/outbound/download.js';
import {
  admits,
  hostOf,
  OutboundPolicy,
  problemOf,
  type DestinationRules,
} from '../../platform/common/outbound/outbound-policy.js';
import { mustBeOutsideTransactions } from '../../platform/common/outside-transactions.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { DocumentReader } from './reading/document-reader.js';
import type { ReadText } from './reading/readable.js';
import { Unreadable } from './reading/unreadable.js';

/** Its types take it for a module of another kind. */
const robotsParser = parser as unknown as typeof parser.default;
/** What robots.txt knows it by. */
const AGENT = 'ParlanceBot';
const HEADERS = { 'user-agent': `${AGENT}/1`, accept: 'text/html,application/xhtml+xml,text/plain' };
const MAX_BYTES = 5 * 1024 * 1024;
const MAX_ROBOTS_BYTES = 512 * 1024;
const MAX_REDIRECTS = 5;
/** For a page, its redirects and robots.txt together. */
const TIMEOUT_MS = 15 * SECOND_MS;
const PORTS = ['', '80', '443', '8080', '8443'];
const PAGES = ['text/html', 'application/xhtml+xml', 'text/plain', 'text/markdown'];
const NOT_HTTP = 'Only HTTP and HTTPS URLs are allowed.';
const PRIVATE = 'URL points to a private/internal network address.';
const UNKNOWN = 'Could not resolve hostname.';

/** Reads pages that strangers chose, as whoever walks by would: each address on the way is checked where it is dialled. */
@Injectable()
export class PageReader {
  constructor(
    private readonly policy: OutboundPolicy,
    private readonly reader: DocumentReader,
  ) {}

  /** @throws Refusal 422 on `url`, or because of what is there */
  async read(tenant: Tenant, url: string): Promise<ReadText> {
    mustBeOutsideTransactions();
    const rules = { ...this.policy.rulesFor(tenant), http: true };
    await this.check(url, rules);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      await this.mustBeAllowed(new URL(url), rules, signal);
      const page = await download(
        this.policy.resolve,
        { url, rules, maxBytes: MAX_BYTES, maxRedirects: MAX_REDIRECTS, headers: HEADERS, signal },
        async (found) => {
          if (found.url.origin !== new URL(url).origin) {
            await this.mustBeAllowed(found.url, rules, signal);
          }
          return { ...found, bytes: await bytesOf(found) };
        },
      );
      if (!PAGES.includes(page.contentType) || page.bytes.subarray(0, 1_024).includes('%PDF-')) {
        throw unfetched('it is neither HTML nor text');
      }
      const { bytes, charset, url: at } = page;
      return await this.reader.read({ kind: 'page', bytes, charset, url: at.href });
    } catch (error) {
      throw refusalFor(error);
    }
  }

  /** @throws Refusal 422 on `url` */
  private async check(text: string, rules: DestinationRules): Promise<void> {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
      throw invalid('url', NOT_HTTP);
    }
    if (!PORTS.includes(url.port) && !rules.loopback) {
      throw invalid('url', NOT_HTTP);
    }
    if (problemOf(text, rules) !== null) {
      throw invalid('url', PRIVATE);
    }
    const addresses = await this.policy.resolve(hostOf(url)).catch(() => []);
    if (addresses.length === 0) {
      throw invalid('url', UNKNOWN);
    }
    if (!addresses.every(({ address }) => admits(rules, address))) {
      throw invalid('url', PRIVATE);
    }
  }

  /** Where there is no robots.txt, everything is; where nobody can say what it holds, nothing. @throws Refusal 422 */
  private async mustBeAllowed(url: URL, rules: DestinationRules, signal: AbortSignal): Promise<void> {
    const at = new URL('/robots.txt', url).href;
    const limits = { maxBytes: MAX_ROBOTS_BYTES, maxRedirects: MAX_REDIRECTS };
    const robots = await download(this.policy.resolve, { url: at, rules, headers: HEADERS, signal, ...limits }, bytesOf)
      .then((bytes) => bytes.toString('utf8'))
      .catch((error: unknown) => {
        const isMissing = error instanceof DownloadError && error.status !== null && error.status < 500;
        if (!isMissing) {
          throw error;
        }
        return '';
      });
    if (robotsParser(at, robots).isAllowed(url.href, AGENT) === false) {
      throw unfetched('its robots.txt does not allow it');
    }
  }
}

async function bytesOf({ bytes }: Pick<Downloaded, 'bytes'>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unfetched(why: string): Refusal {
  return unfit(`Could not fetch the page: ${why}.`);
}

function refusalFor(error: unknown): unknown {
  if (error instanceof Unreadable) {
    return unfetched(error.message.replace(/^[A-Z]/, (letter) => letter.toLowerCase()).replace(/\.$/, ''));
  }
  if (!(error instanceof DownloadError)) {
    return error;
  }
  if (error.problem === 'forbidden' && !error.message.includes('redirects')) {
    return invalid('url', PRIVATE);
  }
  return unfetched(error.status === null ? error.message.replace(/^It/, 'it') : String(error.status));
}
