import { Injectable } from '@nestjs/common';
import { Buckets } from '../../platform/common/rate-limit/buckets.js';
import { refuseIfOver } from '../../platform/common/rate-limit/rate-limits.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { TextsService, type PreparedText } from './texts.service.js';

const HOUR_SECONDS = 3_600;
/** Of a client. */
const TRIALS = { perSecond: 5 / HOUR_SECONDS, seconds: HOUR_SECONDS };
/** One segment. */
const BODY = 'This is a test of the provider of your messages.';

/** Tries out who carries a client's messages, by a text like any other. */
@Injectable()
export class ProviderTrials {
  constructor(
    private readonly texts: TextsService,
    private readonly buckets: Buckets,
  ) {}

  /** What would be refused counts for nothing. @throws Refusal 429, or as TextsService.prepare() */
  async prepare(tenant: Tenant, to: string): Promise<PreparedText> {
    const text = await this.texts.prepare(tenant, { to, body: BODY });
    refuseIfOver(await this.buckets.take(`provider-trials:${tenant.clientId}`, TRIALS), TRIALS, 'Too many tests');
    return text;
  }
}
