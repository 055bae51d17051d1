import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { now } from '../../../platform/common/clock.js';
import { authorizationOf } from '../../../platform/common/http/one-header.js';
import type { AsStranger } from '../../../platform/common/rate-limit/as-stranger.js';
import { RateLimits } from '../../../platform/common/rate-limit/rate-limits.js';
import { Credentials, type AuthContext } from '../../../platform/common/tenancy/credentials.js';
import { admitsOrigin, type Site } from '../../../platform/common/tenancy/origin.js';
import { CustomerSessionsService } from '../../../customers/sessions/customer-sessions.service.js';
import { isForLayer } from '../http/is-for-layer.js';
import { LayerRefusal } from '../layer-refusal.js';
import { NoncesService } from './nonces.service.js';

type Session = NonNullable<Awaited<ReturnType<CustomerSessionsService['findByToken']>>>;

const AUTHORIZATION = /^Layer session-token=(["'])([\x21-\x7e]+)\1$/i;

/**
 * The token of a customer's session, as Layer's SDKs send it. Whoever has none is told a nonce to get one with. It decides
 * about every request under `/layer`, so no other credentials are worth anything there.
 */
@Injectable()
export class LayerCredentials extends Credentials {
  constructor(
    private readonly sessions: CustomerSessionsService,
    private readonly nonces: NoncesService,
    private readonly limits: RateLimits,
  ) {
    super();
  }

  recognises(request: Request): boolean {
    return isForLayer(request);
  }

  async admit(request: Request, asStranger: AsStranger): Promise<AuthContext> {
    const token = sessionTokenOf(request);
    const session = token === null ? null : await this.find(token, asStranger);
    if (!session) {
      // A nonce is given to an address as often as if it had been asked for.
      await this.limits.takeNonce(request);
      throw await this.challenge();
    }
    checkLayerOrigin(request, session);
    return admissionOf(session);
  }

  /**
   * Whose token this is; null where it is nobody's, or no longer, or was made by the core: that gave its leave to what the
   * core allows, and this dialect allows more.
   */
  async find(token: string, asStranger: AsStranger): Promise<Session | null> {
    const session = await this.sessions.findByToken(token, asStranger);
    return session?.dialect === 'layer' && session.expiresAt > now() ? session : null;
  }

  /** What is said to whoever has no session. */
  async challenge(): Promise<LayerRefusal> {
    const nonce = await this.nonces.create();
    return new LayerRefusal('authentication_required', 'Authentication is required: this is no valid session token.', {
      nonce,
    });
  }
}

export function sessionTokenOf(request: Request): string | null {
  return AUTHORIZATION.exec(authorizationOf(request) ?? '')?.[2] ?? null;
}

/**
 * A page must be one of the client's; an app that is no page has no Origin, here as on the socket. An SDK that is told 401
 * tries to say again who it is, so this is another answer.
 */
export function checkLayerOrigin({ headers }: Request, site: Site): void {
  if (!admitsOrigin(site, headers.origin)) {
    throw new LayerRefusal('access_denied', 'Sessions of this app are admitted from its own pages only.');
  }
}

function admissionOf({ clientId, livemode, sessionId, customerId, rateLimit, totalRateLimit }: Session): AuthContext {
  return {
    tenant: { clientId, livemode },
    scopes: [],
    by: { kind: 'session', id: sessionId },
    rateLimit,
    totalRateLimit,
    customerId,
  };
}
