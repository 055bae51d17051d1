import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Config } from '../config.js';
import { notFound, unauthorized } from '../platform/common/errors/refusal.js';
import type { AsStranger } from '../platform/common/rate-limit/as-stranger.js';
import { perMinute } from '../platform/common/rate-limit/buckets.js';
import { bearerOf } from '../platform/common/tenancy/bearer.js';
import { scopesOf } from '../platform/common/tenancy/roles.js';
import { UserCredentials, type CurrentUser, type MemberAuth } from '../platform/common/tenancy/user-credentials.js';
import { UserSessions } from '../users/sessions/user-sessions.js';
import { Memberships } from './memberships.js';

/** The token of a user's session, and what the user is in a workspace. */
@Injectable()
export class SessionCredentials extends UserCredentials {
  constructor(
    private readonly sessions: UserSessions,
    private readonly memberships: Memberships,
    private readonly config: Config,
  ) {
    super();
  }

  async admit(request: Request, asStranger: AsStranger): Promise<CurrentUser> {
    const token = bearerOf(request);
    if (token === null) {
      throw unauthorized('Missing or invalid Authorization header');
    }
    const found = await this.sessions.find(token, asStranger);
    if (!found) {
      throw unauthorized('Invalid or ended session');
    }
    const { uiRateLimit } = this.config;
    return {
      userId: found.user.id,
      sessionId: found.session.id,
      email: found.user.email,
      bucket: uiRateLimit === false ? null : { key: `user:${found.user.id}`, size: perMinute(uiRateLimit) },
    };
  }

  async enter(user: CurrentUser, workspaceId: string): Promise<MemberAuth> {
    const auth = await this.find(user, workspaceId);
    if (!auth) {
      throw notFound('workspace');
    }
    return auth;
  }

  /** Null where there is no such workspace, or the user is none of its members. */
  async find({ userId, sessionId, bucket }: CurrentUser, workspaceId: string): Promise<MemberAuth | null> {
    const standing = await this.memberships.find(userId, workspaceId);
    return (
      standing && {
        tenant: { clientId: workspaceId, livemode: standing.livemode },
        scopes: scopesOf(standing.role),
        by: { kind: 'user', id: userId },
        rateLimit: null,
        totalRateLimit: null,
        customerId: null,
        userId,
        userSessionId: sessionId,
        role: standing.role,
        bucket,
      }
    );
  }
}
