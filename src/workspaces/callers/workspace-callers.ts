import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Config } from '../../config.js';
import { CustomerSessionCredentials } from '../../customers/sessions/customer-session.credentials.js';
import { forbidden, unauthorized } from '../../platform/common/errors/refusal.js';
import { admitOrigin } from '../../platform/common/http/cors.js';
import { checkUiOrigin, isFromUi } from '../../platform/common/http/ui-origin.js';
import { parseRef } from '../../platform/common/ids/object-ref.js';
import type { AsStranger } from '../../platform/common/rate-limit/as-stranger.js';
import type { Wanted } from '../../platform/common/rate-limit/buckets.js';
import { RatesOfClients } from '../../platform/common/rate-limit/rates-of-clients.js';
import { bearerOf } from '../../platform/common/tenancy/bearer.js';
import type { AuthContext } from '../../platform/common/tenancy/credentials.js';
import { addressTest } from '../../platform/common/tenancy/ip-rules.js';
import { admitsOrigin } from '../../platform/common/tenancy/origin.js';
import { WorkspaceCredentials, type WorkspaceCaller } from '../../platform/common/tenancy/workspace-credentials.js';
import { UserSessions } from '../../users/sessions/user-sessions.js';
import { Memberships } from '../memberships.js';
import type { FoundStanding } from '../memberships.repository.js';
import { PersonalTokenCallers } from '../tokens/personal-token-callers.js';
import { LoneKeyCaller } from './lone-key-caller.js';
import { mustBePublicKey } from './must-be-public-key.js';

interface UserInWorkspace {
  readonly userId: string;
  readonly clientId: string;
  readonly standing: FoundStanding;
  readonly scopes: readonly string[];
}

/** Users by their session or a personal token, secret keys, and sessions of customers: each acts in one workspace. */
@Injectable()
export class WorkspaceCallers extends WorkspaceCredentials {
  constructor(
    private readonly sessions: UserSessions,
    private readonly tokens: PersonalTokenCallers,
    private readonly memberships: Memberships,
    private readonly keys: LoneKeyCaller,
    private readonly customers: CustomerSessionCredentials,
    private readonly config: Config,
    private readonly rates: RatesOfClients,
  ) {
    super();
  }

  async admit(request: Request, asStranger: AsStranger): Promise<WorkspaceCaller> {
    const token = bearerOf(request);
    if (token === null) {
      throw unauthorized('Missing or invalid Authorization header');
    }
    if (token.startsWith('ust_')) {
      return this.admitSession(token, request, asStranger);
    }
    if (token.startsWith('pat_')) {
      return this.admitToken(token, request, asStranger);
    }
    const auth = token.startsWith('cst_')
      ? await this.customers.admit(request, asStranger)
      : { ...(await this.keys.admit(request, asStranger)), role: 'admin' as const };
    return { auth, user: null, bucket: null };
  }

  checkOrigin(request: Request, { user }: WorkspaceCaller): void {
    // Pages of keys, tokens and customers were looked at with what they belong to.
    if (user?.sessionId != null) {
      checkUiOrigin(request);
    }
  }

  private async admitSession(token: string, request: Request, asStranger: AsStranger): Promise<WorkspaceCaller> {
    const found = await this.sessions.find(token, asStranger);
    if (!found) {
      throw unauthorized('Invalid or ended session');
    }
    const { id: userId } = found.user;
    const clientId = await this.workspaceOf(request, userId);
    const standing = clientId === null ? null : await this.memberships.find(userId, clientId);
    if (standing) {
      mustBePublicKey(request, standing.publicKey);
    }
    return {
      auth: clientId && standing ? await this.authOf({ userId, clientId, standing, scopes: ['*'] }) : null,
      user: { userId, sessionId: found.session.id },
      bucket: await this.bucketOf(null, userId),
    };
  }

  /** The role is that of now, whatever it was when the token was made. */
  private async admitToken(token: string, request: Request, asStranger: AsStranger): Promise<WorkspaceCaller> {
    const found = await this.tokens.find(token, asStranger);
    const standing = found && (await this.memberships.find(found.userId, found.clientId));
    if (!found || !standing) {
      throw unauthorized('Invalid or revoked token');
    }
    mustBePublicKey(request, found.publicKey);
    const { origin } = request.headers;
    if (!admitsOrigin(found, origin) && !isFromUi(request)) {
      throw forbidden('Origin not allowed');
    }
    if (origin !== undefined) {
      admitOrigin(request.res!, origin);
    }
    if (!addressTest(found.allowedIps)(request.ip)) {
      throw forbidden('IP address not allowed');
    }
    this.tokens.noteUse(found);
    const { userId, clientId, scopes } = found;
    const auth = await this.authOf({ userId, clientId, standing, scopes });
    return { auth, user: { userId, sessionId: null }, bucket: null };
  }

  /** By its number, its UUID or its TypeID, else the active one; null where the header names none, or there is none. */
  private async workspaceOf({ headers }: Request, userId: string): Promise<string | null> {
    const named = headers['x-workspace-id'];
    if (named === undefined) {
      return this.memberships.activeOf(userId);
    }
    const ref = parseRef('client', String(named));
    return typeof ref === 'number' ? this.memberships.numberedOf(userId, ref) : ref;
  }

  private async authOf({ userId, clientId, standing, scopes }: UserInWorkspace): Promise<AuthContext> {
    return {
      tenant: { clientId, livemode: standing.livemode },
      scopes,
      by: { kind: 'user', id: userId },
      rateLimit: null,
      totalRateLimit: null,
      customerId: null,
      userId,
      role: standing.role,
      bucket: await this.bucketOf(clientId, userId),
    };
  }

  /** All sessions and tokens of a user together. */
  private bucketOf(clientId: string | null, userId: string): Promise<Wanted | null> {
    return this.rates.bucketOf(clientId, 'api', userId, this.config.limitApi);
  }
}
