import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { KeyCache } from '../../../clients/key-cache.js';
import { KeyUses } from '../../../clients/key-uses.js';
import { LoneKeyCredentials } from '../../../clients/lone-key.credentials.js';
import { Config } from '../../../config.js';
import { perMinute, type Wanted } from '../../../platform/common/rate-limit/buckets.js';
import { isForKeys } from './is-for-sms.js';

/** A secret key alone, at `/api/messages`. */
@Injectable()
export class MessagesCredentials extends LoneKeyCredentials {
  constructor(
    cache: KeyCache,
    uses: KeyUses,
    private readonly config: Config,
  ) {
    super(cache, uses);
  }

  recognises(request: Request): boolean {
    return isForKeys(request);
  }

  protected bucketOf(keyId: string): Wanted | null {
    const { messagesRateLimit } = this.config;
    return messagesRateLimit === false ? null : { key: `messages:${keyId}`, size: perMinute(messagesRateLimit) };
  }
}
