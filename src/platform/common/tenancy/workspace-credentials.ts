import type { Request } from 'express';
import type { AsStranger } from '../rate-limit/as-stranger.js';
import type { Wanted } from '../rate-limit/buckets.js';
import type { AuthContext } from './credentials.js';

/** A user who asks, by a session or by a personal token. */
export interface CallingUser {
  readonly userId: string;
  /** Null: by a token. */
  readonly sessionId: string | null;
}

/** Somebody who may act in one workspace. */
export interface WorkspaceCaller {
  /** As whom, there; null where it is in none. */
  readonly auth: AuthContext | null;
  /** Null: a secret key, or a customer. */
  readonly user: CallingUser | null;
  /** What its requests are taken of while it has no workspace; null: of nothing. */
  readonly bucket: Wanted | null;
}

/** The port through which the guard learns who asks where the token alone, or `X-Workspace-Id` beside it, names the workspace. */
export abstract class WorkspaceCredentials {
  /** @throws Refusal 401, 403 or 429 */
  abstract admit(request: Request, asStranger: AsStranger): Promise<WorkspaceCaller>;

  /** Whether the page that asks may: looked at once the request is counted. @throws Refusal 403 */
  abstract checkOrigin(request: Request, caller: WorkspaceCaller): void;
}
