import type { Request } from 'express';
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

  /** @param refusal null where it is a fault of ours */
  abstract answer(refusal: Refusal | null, request: Request): ErrorAnswer;
}

/** Every dialect beside the core's own. */
export const ERROR_DIALECTS = Symbol('ERROR_DIALECTS');
