import { basename } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Drafts } from '../../files/drafts.js';
import { headOf } from '../../files/opened-type.js';
import type { Draft } from '../../files/storage.js';
import { download, type Download } from '../../platform/common/outbound/download.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import { mustBeOutsideTransactions } from '../../platform/common/outside-transactions.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { FairGate } from '../../platform/database/fair-gate.js';

/** Files that this process fetches at once. */
const MAX_AT_ONCE = 8;
const MAX_WAIT_MS = 20_000;
/** For one file, from the first look-up to its last byte. */
const FILE_TIMEOUT_MS = 10_000;
const MAX_NAME = 255;

/** A file that was fetched; whoever asked for it discards its draft. */
export interface FetchedMedia {
  readonly draft: Draft;
  /** As its server says. */
  readonly contentType: string;
  /** Of the URL that it was found at, where that has one. */
  readonly name: string | null;
  readonly head: Buffer;
}

type Wanted = Pick<Download, 'url' | 'maxBytes' | 'signal'> & Partial<Pick<Download, 'headers' | 'rules'>>;

/** Fetches files from where others say they are: a few at once, of which no client has all while others wait. */
@Injectable()
export class MediaFetcher {
  private readonly gate = new FairGate(MAX_AT_ONCE, MAX_WAIT_MS);

  constructor(
    private readonly policy: OutboundPolicy,
    private readonly drafts: Drafts,
  ) {}

  /** @throws DownloadError, or Refusal 503 */
  async fetch(tenant: Tenant, { signal, rules, ...wanted }: Wanted): Promise<FetchedMedia> {
    mustBeOutsideTransactions();
    await this.gate.enter(tenant.clientId);
    try {
      const order = {
        ...wanted,
        rules: rules ?? this.policy.rulesFor(tenant),
        signal: AbortSignal.any([signal, AbortSignal.timeout(FILE_TIMEOUT_MS)]),
      };
      return await download(this.policy.resolve, order, async ({ contentType, url, bytes }) => {
        const draft = await this.drafts.write(bytes);
        return { draft, contentType, name: nameIn(url), head: await headOf(draft) };
      });
    } finally {
      this.gate.leave(tenant.clientId);
    }
  }

  async discard(all: readonly FetchedMedia[]): Promise<void> {
    await Promise.all(all.map(({ draft }) => this.drafts.discard(draft)));
  }
}

function nameIn({ pathname }: URL): string | null {
  const last = basename(pathname);
  try {
    const name = decodeURIComponent(last).replace(/[\p{Cc}\p{Cf}\p{Cs}/\\]/gu, '');
    return name === '' ? null : [...name].slice(-MAX_NAME).join('');
  } catch {
    return null;
  }
}
