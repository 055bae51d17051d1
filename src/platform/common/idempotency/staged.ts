import type { WrittenAnswer } from '../http/status-result.js';
import type { KeyedRequest } from './idempotency-ledger.js';

/**
 * What a handler answers that has to wait for the network: `before` waits, with no connection to the database held, and
 * `work` makes of what came of it the one change, in the transaction of the request's key where it has one.
 */
export class Staged<Ready, Body> {
  constructor(
    readonly before: () => Promise<Ready>,
    readonly work: (ready: Ready) => Promise<Body>,
    readonly inOne?: InOne<Ready, Body>,
    /**
     * Where `before` takes long, or may end differently next time: it is not begun where the key has an answer already, and what
     * it refuses is not kept.
     */
    readonly isSlow = false,
  ) {}
}

/** A change that can take the request's key in its own statement. What that keeps is a row, of which the answer is made. */
export interface InOne<Ready, Body> {
  /** Does `otherwise`, the long way, where it can't tell that the key is free. */
  readonly work: (
    ready: Ready,
    request: KeyedRequest,
    otherwise: () => Promise<WrittenAnswer>,
  ) => Promise<Body | WrittenAnswer>;
  /** @param row as JSON has it */
  readonly replay: (row: unknown) => Body;
}
