import type { Request } from 'express';
import type { AsStranger } from '../rate-limit/as-stranger.js';
import type { Wanted } from '../rate-limit/buckets.js';
import type { Role } from './roles.js';
import type { Tenant } from './tenant.js';

/** Who a request comes from and what it may do. */
export interface AuthContext {
  readonly tenant: Tenant;
  readonly scopes: readonly string[];
  /** Whose leave this is: a secret key of the client, a customer's session, or a user. Requests are counted by its id. */
  readonly by: { readonly kind: 'key' | 'session' | 'user'; readonly id: string };
  /** Requests per second that the operator gave this client's callers; null is what everybody has. */
  readonly rateLimit: number | null;
  /** The same of all of them together. */
  readonly totalRateLimit: number | null;
  /** The customer who asks, and may act as nobody else; null where it is the client itself. */
  readonly customerId: string | null;
  /** The user of the workspace who asks, and what it is there. */
  readonly userId?: string;
  readonly role?: Role;
  /** The session that lets the user in. */
  readonly userSessionId?: string;
  /** What its requests are taken of instead of those of the core; null: of nothing. */
  readonly bucket?: Wanted | null;
}

/** One way to say who is asking. The guard never asks how they are stored. */
export abstract class Credentials {
  /** Whether this request says it in this way; the first that recognises one decides. */
  abstract recognises(request: Request): boolean;

  /** Whether a caller that is not let in is told how often its address may still fail. */
  readonly tellsStrangers: boolean = false;

  /**
   * Sets the CORS headers once the Origin has passed.
   * @throws Refusal 401, 403 or 429
   */
  abstract admit(request: Request, asStranger: AsStranger): Promise<AuthContext>;
}

/** Every way there is, in the order they are asked. The last recognises every request. */
export const ALL_CREDENTIALS = Symbol('ALL_CREDENTIALS');

/** The port through which the guard learns whose page asks, where anybody on it may. */
export abstract class PageCredentials {
  /**
   * Sets the CORS headers once the Origin has passed.
   * @throws Refusal 401 without a right public key, 403 for the pages of others
   */
  abstract admit(request: Request, asStranger: AsStranger): Promise<Tenant>;
}

/** The port through which the guard learns whether the operator is asking. */
export abstract class OperatorCredentials {
  /** @throws Refusal 401, or 404 while there is no operator's key and so no admin API. */
  abstract admit(request: Request): void;
}
