import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { now } from '../../platform/common/clock.js';
import { unauthorized } from '../../platform/common/errors/refusal.js';
import type { AsStranger } from '../../platform/common/rate-limit/as-stranger.js';
import { bearerOf } from '../../platform/common/tenancy/bearer.js';
import { checkOrigin } from '../../platform/common/tenancy/check-origin.js';
import { Credentials, type AuthContext } from '../../platform/common/tenancy/credentials.js';
import { CustomerSessionsService } from './customer-sessions.service.js';

/**
 * The token of a customer's session and the page's Origin. The client's `allowed_ips` are those of its servers; a
 * customer's browser may be anywhere.
 */
@Injectable()
export class CustomerSessionCredentials extends Credentials {
  constructor(private readonly sessions: CustomerSessionsService) {
    super();
  }

  recognises({ headers }: Request): boolean {
    return /^Bearer cst_/i.test(headers.authorization ?? '');
  }

  async admit(request: Request, asStranger: AsStranger): Promise<AuthContext> {
    const token = bearerOf(request);
    if (token === null) {
      throw unauthorized('Missing or invalid Authorization header');
    }
    const session = await this.sessions.findByToken(token, asStranger);
    if (!session) {
      throw unauthorized('Invalid token for this client');
    }
    if ((request.headers['x-public-key'] ?? session.publicKey) !== session.publicKey) {
      throw unauthorized('Invalid public key');
    }
    if (session.expiresAt <= now()) {
      throw unauthorized('Token expired');
    }
    // An app has none.
    checkOrigin(request, session, 'if_present');
    return {
      tenant: { clientId: session.clientId, livemode: session.livemode },
      scopes: [],
      by: { kind: 'session', id: session.sessionId },
      rateLimit: session.rateLimit,
      totalRateLimit: session.totalRateLimit,
      customerId: session.customerId,
    };
  }
}
