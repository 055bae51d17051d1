import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { now } from '../platform/common/clock.js';
import { forbidden, unauthorized } from '../platform/common/errors/refusal.js';
import { admitOrigin } from '../platform/common/http/cors.js';
import type { AsStranger } from '../platform/common/rate-limit/as-stranger.js';
import type { Wanted } from '../platform/common/rate-limit/buckets.js';
import { bearerOf } from '../platform/common/tenancy/bearer.js';
import { Credentials, type AuthContext } from '../platform/common/tenancy/credentials.js';
import { admitsOrigin } from '../platform/common/tenancy/origin.js';
import { KeyCache, type KnownKeys } from './key-cache.js';
import { KeyUses } from './key-uses.js';

/** A secret key that comes alone, for dialects whose programs send nothing else: its client is found by its hash. */
@Injectable()
export abstract class LoneKeyCredentials extends Credentials {
  override readonly tellsStrangers = true;

  constructor(
    private readonly cache: KeyCache,
    private readonly uses: KeyUses,
  ) {
    super();
  }

  /** What the requests of this key are taken of; null: of nothing; undefined: of what they are taken of in the core. */
  protected abstract bucketOf(keyId: string): Wanted | null | undefined;

  /** What else must be right about it. @throws Refusal 401 */
  protected check(_known: KnownKeys, _request: Request): void {}

  async admit(request: Request, asStranger: AsStranger): Promise<AuthContext> {
    const secretKey = bearerOf(request);
    if (secretKey === null) {
      throw unauthorized('Missing or invalid Authorization header');
    }
    const known = await this.cache.findBySecret(secretKey, asStranger);
    if (!known?.key) {
      throw unauthorized('Invalid key');
    }
    const { key } = known;
    if (key.expiresAt !== null && key.expiresAt <= now()) {
      throw unauthorized('Key expired');
    }
    this.check(known, request);
    const { origin } = request.headers;
    // Programs have none; a page's must be the client's own.
    if (!admitsOrigin(known, origin)) {
      throw forbidden('Origin not allowed');
    }
    if (origin !== undefined) {
      admitOrigin(request.res!, origin);
    }
    if (!known.admitsAddress(request.ip)) {
      throw forbidden('IP address not allowed');
    }
    this.uses.note(known, key.id);
    return {
      tenant: { clientId: known.clientId, livemode: known.livemode },
      scopes: key.scopes,
      by: { kind: 'key', id: key.id },
      rateLimit: known.rateLimit,
      totalRateLimit: known.totalRateLimit,
      customerId: null,
      bucket: this.bucketOf(key.id),
    };
  }
}
