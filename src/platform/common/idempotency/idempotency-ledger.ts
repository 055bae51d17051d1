import type { WrittenAnswer } from '../http/status-result.js';
import type { Tenant } from '../tenancy/tenant.js';

/** One request, and the key its caller named it by. */
export interface KeyedRequest {
  readonly key: string;
  /** SHA-256 of method, path and body: a key belongs to one request. */
  readonly fingerprint: Buffer;
}

/** The port that remembers answers. It never asks how. */
export abstract class IdempotencyLedger {
  /**
   * The answer that was kept, before work that takes long; null where there is none so far.
   * @throws Refusal 422 where the key names another request
   */
  abstract find(
    tenant: Tenant,
    request: KeyedRequest,
    replay: (row: unknown) => WrittenAnswer,
  ): Promise<WrittenAnswer | null>;

  /**
   * Runs `work` unless this key already did, and keeps its answer together with what it changed. A Refusal that `work`
   * throws undoes its changes; `remember` says which answer to keep for it, or throws it on.
   * @param replay makes the answer of a row that was kept in its stead
   * @throws Refusal 422 where the key names another request, 409 where that request is still running
   */
  abstract once(
    tenant: Tenant,
    request: KeyedRequest,
    work: () => Promise<WrittenAnswer>,
    remember: (error: unknown) => WrittenAnswer,
    replay: (row: unknown) => WrittenAnswer,
  ): Promise<{ readonly answer: WrittenAnswer; readonly replayed: boolean }>;
}
