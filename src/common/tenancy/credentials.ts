import type { Request } from 'express';
import type { Tenant } from './tenant.js';

/** Who a request comes from and what it may do. */
export interface Admission {
  readonly tenant: Tenant;
  readonly scopes: readonly string[];
  /** What the request is counted under: one secret key. */
  readonly rateKey: string;
}

/** The port through which the guard learns who is asking. It never asks how they are stored. */
export abstract class Credentials {
  /**
   * Sets the CORS headers once the Origin has passed.
   * @throws Refusal 401 or 403
   */
  abstract admit(request: Request): Promise<Admission>;
}

/** The port through which the guard learns whether the operator is asking. */
export abstract class OperatorCredentials {
  /** @throws Refusal 401, or 404 while there is no operator's key and so no admin API. */
  abstract admit(request: Request): void;
}
