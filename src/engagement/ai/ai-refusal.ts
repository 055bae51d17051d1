import type { ErrorCode } from '../../platform/common/errors/error-codes.js';
import { Refusal, type RefusalDetails } from '../../platform/common/errors/refusal.js';
import type { ProviderProblem } from './provider.js';

const CODES = {
  AI_NOT_CONFIGURED: 'unavailable',
  AI_LIMIT_REACHED: 'rate_limited',
  AI_FAILED: 'internal_error',
} as const satisfies Readonly<Record<string, ErrorCode>>;
export type AiCode = keyof typeof CODES;

/** Why no model answered; `aiCode` is for programs. */
export class AiRefusal extends Refusal {
  constructor(
    readonly aiCode: AiCode,
    message: string,
    details: RefusalDetails = {},
  ) {
    super(CODES[aiCode], message, { ...details, isExpected: true });
  }
}

/** Seconds: somebody has to set one up first. */
const NOT_SOON = 3_600;

export const notConfigured = (): AiRefusal =>
  new AiRefusal('AI_NOT_CONFIGURED', 'No AI provider is configured for this workspace.', { retryAfter: NOT_SOON });

/** @param retryAfter seconds until the month is over */
export const limitReached = (retryAfter: number): AiRefusal =>
  new AiRefusal('AI_LIMIT_REACHED', 'The monthly AI token limit of this workspace is reached.', { retryAfter });

/** Nothing of what the provider said: it may be anything. */
const PROBLEMS: Readonly<Record<ProviderProblem, string>> = {
  time: 'the provider did not answer in time',
  refused: 'the provider could not be reached or refused the request',
  overloaded: 'the provider is overloaded',
  malformed: 'the answer of the provider could not be understood',
};

export const failed = (problem: ProviderProblem): AiRefusal =>
  new AiRefusal('AI_FAILED', `AI generation failed: ${PROBLEMS[problem]}.`);
