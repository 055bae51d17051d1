import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Config } from '../config.js';
import { Refusal, unauthorized } from '../platform/common/errors/refusal.js';
import { bearerOf } from '../platform/common/tenancy/bearer.js';
import { OperatorCredentials } from '../platform/common/tenancy/credentials.js';

/** `Authorization: Bearer $ADMIN_KEY`. Without an `ADMIN_KEY` there is no admin API: its routes are not found. */
@Injectable()
export class AdminKeyCredentials extends OperatorCredentials {
  private readonly digest: Buffer | null;

  constructor(@Inject(Config) { adminKey }: Pick<Config, 'adminKey'>) {
    super();
    this.digest = adminKey === undefined ? null : digestOf(adminKey);
  }

  admit(request: Request): void {
    if (this.digest === null) {
      throw new Refusal('not_found', 'Route not found');
    }
    const token = bearerOf(request);
    if (token === null) {
      throw unauthorized('Missing or invalid Authorization header');
    }
    if (!timingSafeEqual(digestOf(token), this.digest)) {
      throw unauthorized('Invalid admin key');
    }
  }
}

/** Equal lengths are what timingSafeEqual needs. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
