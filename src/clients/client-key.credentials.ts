import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { now } from '../platform/common/clock.js';
import { forbidden, unauthorized } from '../platform/common/errors/refusal.js';
import type { AsStranger } from '../platform/common/rate-limit/as-stranger.js';
import { bearerOf } from '../platform/common/tenancy/bearer.js';
import { checkOrigin } from '../platform/common/tenancy/check-origin.js';
import { Credentials, type AuthContext } from '../platform/common/tenancy/credentials.js';
import { KeyCache } from './key-cache.js';
import { KeyUses } from './key-uses.js';

/** A client's secret key with its public key and the page's Origin; the order of the checks is the contract's. */
@Injectable()
export class ClientKeyCredentials extends Credentials {
  constructor(
    private readonly cache: KeyCache,
    private readonly uses: KeyUses,
  ) {
    super();
  }

  recognises(): boolean {
    return true;
  }

  async admit(request: Request, asStranger: AsStranger): Promise<AuthContext> {
    const secretKey = bearerOf(request);
    if (secretKey === null) {
      throw unauthorized('Missing or invalid Authorization header');
    }
    const publicKey = request.headers['x-public-key'];
    if (typeof publicKey !== 'string' || publicKey === '') {
      throw unauthorized('Missing X-Public-Key header');
    }
    const known = await this.cache.find(publicKey, secretKey, asStranger);
    if (!known) {
      throw unauthorized('Invalid public key');
    }
    const { key } = known;
    if (!key) {
      throw unauthorized('Invalid token for this client');
    }
    if (key.expiresAt !== null && key.expiresAt <= now()) {
      throw unauthorized('Token expired');
    }
    checkOrigin(request, known, known.originPolicy);
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
    };
  }
}
