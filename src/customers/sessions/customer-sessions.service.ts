import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { CallerCache } from '../../clients/caller-cache.js';
import { hashKey, isWellFormed, makeKey } from '../../clients/key-format.js';
import { notFound } from '../../platform/common/errors/refusal.js';
import type { AsStranger } from '../../platform/common/rate-limit/as-stranger.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { SessionDialect } from './customer-session.entity.js';
import { CustomerSessionsRepository, type SessionByToken, type SessionRow } from './customer-sessions.repository.js';

/** Seconds. */
const DEFAULT_LIFETIME_SECONDS = 86_400;

/** A new session, with its token. */
export interface CreatedSession {
  readonly session: SessionRow;
  readonly token: string;
}

/** Sessions of customers, for their browsers and apps. */
@Injectable()
export class CustomerSessionsService {
  constructor(
    private readonly sessions: CustomerSessionsRepository,
    private readonly callers: CallerCache,
  ) {}

  /** @param expiresIn seconds. @throws Refusal 404 */
  async create(
    tenant: Tenant,
    customerId: string,
    expiresIn: number | null = DEFAULT_LIFETIME_SECONDS,
    dialect: SessionDialect = 'core',
  ): Promise<CreatedSession> {
    const token = makeKey('cst', tenant.livemode);
    const session = await this.sessions.insert(tenant, {
      id: uuidv7(),
      customerId,
      tokenSha256: hashKey(token),
      expiresIn: expiresIn ?? DEFAULT_LIFETIME_SECONDS,
      dialect,
    });
    if (!session) {
      throw notFound('customer');
    }
    return { session, token };
  }

  /** Stops working here at once, and everywhere within five seconds; again, nothing happens. @throws Refusal 404 */
  async revoke(tenant: Tenant, customerId: string, id: string): Promise<void> {
    const tokenSha256 = await this.sessions.revoke(tenant, customerId, id);
    if (!tokenSha256) {
      throw notFound('customer_session');
    }
    this.callers.forget(nameOf(tokenSha256));
  }

  /** All of a customer's, as `revoke` one. @throws Refusal 404 */
  async revokeAll(tenant: Tenant, customerId: string): Promise<void> {
    const tokens = await this.sessions.revokeAll(tenant, customerId);
    if (!tokens) {
      throw notFound('customer');
    }
    tokens.forEach((tokenSha256) => this.callers.forget(nameOf(tokenSha256)));
  }

  /** The session of this token; null where it is unknown or revoked. It may have expired. */
  async findByToken(token: string, asStranger?: AsStranger): Promise<SessionByToken | null> {
    if (!isWellFormed('cst', token)) {
      return null;
    }
    const tokenSha256 = hashKey(token);
    return this.callers.find(nameOf(tokenSha256), () => this.sessions.findByToken(tokenSha256), { asStranger });
  }
}

/** The name of a session in the cache; no pair of keys can have the same. */
function nameOf(tokenSha256: Buffer): string {
  return `cst_${tokenSha256.toString('latin1')}`;
}
