import type { Request } from 'express';
import type { AsStranger } from '../rate-limit/as-stranger.js';
import type { Tenant } from './tenant.js';

/** Who a request comes from and what it may do. */
export interface AuthContext {
  readonly tenant: Tenant;
  readonly scopes: readonly string[];
  /** Whose leave this is: a secret key of the client, or a customer's session. Requests are counted by its id. */
  readonly by: { readonly kind: 'key' | 'session'; readonly id: string };
  /** Requests per second that the operator gave this client's callers; null is what everybody has. */
  readonly rateLimit: number | null;
  /** The same of all of them together. */
  readonly totalRateLimit: number | null;
  /** The customer who asks, and may act as nobody else; null where it is the client itself. */
  readonly customerId: string | null;
}

/** One way to say who is asking. The guard never asks how they are stored. */
export abstract class Credentials {
  /** Whether this request says it in this way; the first that recognises one decides. */
  abstract recognises(request: Request): boolean;

  /**
   * Sets the CORS headers once the Origin has passed.
   * @throws Refusal 401, 403 or 429
   */
  abstract admit(request: Request, asStranger: AsStranger): Promise<AuthContext>;
}

/** Every way there is, in the order they are asked. The last recognises every request. */
export const ALL_CREDENTIALS = Symbol('ALL_CREDENTIALS');

/** The port through which the guard learns whether the operator is asking. */
export abstract class OperatorCredentials {
  /** @throws Refusal 401, or 404 while there is no operator's key and so no admin API. */
  abstract admit(request: Request): void;
}
