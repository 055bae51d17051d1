import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { notFound, unauthorized } from '../platform/common/errors/refusal.js';
import { admitOrigin } from '../platform/common/http/cors.js';
import { checkUiOrigin } from '../platform/common/http/ui-origin.js';
import { parseId } from '../platform/common/ids/type-id.js';
import type { AsStranger } from '../platform/common/rate-limit/as-stranger.js';
import { Credentials, type AuthContext } from '../platform/common/tenancy/credentials.js';
import { SessionCredentials } from './session.credentials.js';

/**
 * A user's session opens the core API, too, for the workspace that `X-Workspace-Id` names. The client's `allowed_ips` are
 * those of its servers; a user may be anywhere.
 */
@Injectable()
export class UserInCoreCredentials extends Credentials {
  constructor(private readonly sessions: SessionCredentials) {
    super();
  }

  recognises({ headers }: Request): boolean {
    return /^Bearer ust_/i.test(headers.authorization ?? '');
  }

  async admit(request: Request, asStranger: AsStranger): Promise<AuthContext> {
    const user = await this.sessions.admit(request, asStranger);
    const named = request.headers['x-workspace-id'];
    if (typeof named !== 'string' || named === '') {
      throw unauthorized('Missing X-Workspace-Id header');
    }
    checkUiOrigin(request);
    if (request.headers.origin !== undefined) {
      admitOrigin(request.res!, request.headers.origin);
    }
    const workspaceId = parseId('client', named);
    const auth = workspaceId === null ? null : await this.sessions.find(user, workspaceId);
    if (!auth) {
      throw notFound('client');
    }
    return auth;
  }
}
