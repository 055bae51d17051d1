import type { Request, Response } from 'express';
import type { Refusal } from './refusal.js';

/** What leaves where something was refused, or failed. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How errors are told to those who speak another language than the core's. */
export abstract class ErrorDialect {
  /** Whether this request does; also one that no route matched, or that was refused before it was routed. */
  abstract speaks(request: Request): boolean;

  /**
   * Counts a request that was refused before anybody was counted, where this dialect tells with every answer how many are
   * left; undefined where there is nothing to wait for.
   * @throws Refusal 429
   */
  count?(request: Request, response: Response): Promise<void> | undefined;

  /** @param refusal null where it is a fault of ours */
  abstract answer(refusal: Refusal | null, request: Request): ErrorAnswer;
}

/** Every dialect beside the core's own. */
export const ERROR_DIALECTS = Symbol('ERROR_DIALECTS');
