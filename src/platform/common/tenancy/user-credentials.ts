import type { Request } from 'express';
import type { AsStranger } from '../rate-limit/as-stranger.js';
import type { Wanted } from '../rate-limit/buckets.js';
import type { AuthContext } from './credentials.js';
import type { Role } from './roles.js';

/** A user whose session asks, whatever workspace it is about. */
export interface CurrentUser {
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
  /** What the requests of all sessions of this user are taken of; null: of nothing. */
  readonly bucket: Wanted | null;
}

/** A user in one of its workspaces. */
export interface MemberAuth extends AuthContext {
  readonly userId: string;
  readonly role: Role;
}

/** The port through which the guard learns which user asks, and what the user is in a workspace. */
export abstract class UserCredentials {
  /** @throws Refusal 401 or 429 */
  abstract admit(request: Request, asStranger: AsStranger): Promise<CurrentUser>;

  /** @throws Refusal 404 where there is no such workspace, or the user is none of its members */
  abstract enter(user: CurrentUser, workspaceId: string): Promise<MemberAuth>;
}
