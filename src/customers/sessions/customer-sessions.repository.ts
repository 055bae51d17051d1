import { Injectable } from '@nestjs/common';
import type { Caller } from '../../clients/caller-cache.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { CustomerSession, SessionDialect } from './customer-session.entity.js';
import { CREATE, FIND_BY_TOKEN, REVOKE, REVOKE_ALL } from './customer-sessions.sql.js';

export type SessionRow = Pick<CustomerSession, 'id' | 'customerId' | 'expiresAt' | 'createdAt'>;

/** A session as its token finds it, with its client. */
export interface SessionByToken extends Caller {
  readonly publicKey: string;
  readonly sessionId: string;
  readonly customerId: string;
  readonly expiresAt: Date;
  readonly dialect: SessionDialect;
}

export interface NewSession {
  readonly id: string;
  readonly customerId: string;
  readonly tokenSha256: Buffer;
  /** Seconds. */
  readonly expiresIn: number;
  readonly dialect: SessionDialect;
}

@Injectable()
export class CustomerSessionsRepository extends TenantRepository {
  constructor(private readonly anybodys: Database) {
    super(anybodys);
  }

  /** Null where there is no such customer. */
  async insert(tenant: Tenant, session: NewSession): Promise<SessionRow | null> {
    const { id, customerId, tokenSha256, expiresIn, dialect } = session;
    return (await this.row<SessionRow>(tenant, CREATE, id, customerId, tokenSha256, expiresIn, dialect)) ?? null;
  }

  /** The hash of its token; null where this customer has no such session. */
  async revoke(tenant: Tenant, customerId: string, id: string): Promise<Buffer | null> {
    return (await this.row<{ tokenSha256: Buffer }>(tenant, REVOKE, customerId, id))?.tokenSha256 ?? null;
  }

  /** The hashes of the tokens that worked until now; null where there is no such customer. */
  async revokeAll(tenant: Tenant, customerId: string): Promise<readonly Buffer[] | null> {
    return (await this.row<{ tokens: Buffer[] }>(tenant, REVOKE_ALL, customerId))?.tokens ?? null;
  }

  /** Without a tenant, because it is what is looked for. */
  async findByToken(tokenSha256: Buffer): Promise<SessionByToken | null> {
    const [row] = await this.anybodys.acrossTenants<SessionByToken & Record<string, unknown>>(FIND_BY_TOKEN, [
      tokenSha256,
    ]);
    return row ?? null;
  }
}
