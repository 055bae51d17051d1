import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { statusOf } from '../../../platform/common/errors/error-body.js';
import { ErrorDialect, type ErrorAnswer } from '../../../platform/common/errors/error-dialect.js';
import { ReasonedRefusal, type Reason } from '../../../platform/common/errors/reasons.js';
import type { Refusal } from '../../../platform/common/errors/refusal.js';
import { RateLimits } from '../../../platform/common/rate-limit/rate-limits.js';
import { AccessRefusal, type Lack } from '../../../platform/common/tenancy/access-refusal.js';
import { AiRefusal } from '../../../engagement/ai/ai-refusal.js';
import { StaleReply } from '../../../engagement/conversations/stale-reply.js';
import { isForEngagement } from './is-for-engagement.js';

export const UNAUTHENTICATED = 'Unauthenticated.';
export const TOO_MANY = 'Too Many Attempts.';
export const FAILED = 'Server Error';

/** Where others tell what is wrong with an account by a code, it is told by the field here. */
const FIELD_OF: Readonly<Partial<Record<Reason, readonly [field: string, says?: string]>>> = {
  invalid_credentials: ['email', 'These credentials do not match our records.'],
  weak_password: ['password'],
  invalid_token: ['token'],
};

/** Whatever goes wrong under this dialect's paths leaves as this, also where no route was found or nothing was read. */
@Injectable()
export class EngagementErrors extends ErrorDialect {
  constructor(private readonly limits: RateLimits) {
    super();
  }

  speaks(request: Request): boolean {
    return isForEngagement(request);
  }

  /** Whose request could not be read, or went nowhere, is counted by its address. */
  override count(request: Request, response: Response): Promise<void> | undefined {
    return response.hasHeader('X-RateLimit-Limit') ? undefined : this.limits.takeAsStranger(request, response);
  }

  answer(refusal: Refusal | null): ErrorAnswer {
    return refusal === null ? { status: 500, body: { message: FAILED } } : answerOf(refusal);
  }
}

/** The same refusal in this dialect's words. */
export function answerOf(refusal: Refusal): ErrorAnswer {
  const status = statusOf(refusal);
  const [field, says = refusal.message] = (refusal instanceof ReasonedRefusal && FIELD_OF[refusal.reason]) || [];
  if (field !== undefined) {
    return { status: 422, body: { errors: { [field]: [says] } } };
  }
  if (refusal instanceof AiRefusal) {
    return { status, body: { message: refusal.message, code: refusal.aiCode } };
  }
  switch (refusal.kind) {
    case 'unauthorized':
      return { status, body: { message: UNAUTHENTICATED }, headers: { 'WWW-Authenticate': 'Bearer' } };
    case 'rate_limited':
      return { status, body: { message: TOO_MANY } };
    case 'forbidden':
      return {
        status,
        body: refusal instanceof AccessRefusal ? lackingBody(refusal.lacks) : { message: sentenceOf(refusal) },
      };
    case 'conflict':
      return { status, body: conflictBody(refusal) };
    default: {
      // Which of the two keys is there says whether a field is to blame.
      const { errors } = refusal.details;
      return { status, body: errors ? { errors } : { message: sentenceOf(refusal) } };
    }
  }
}

export function lackingBody(lacks: Lack): object {
  if ('workspace' in lacks) {
    return { error: 'No active workspace.', code: 'NO_WORKSPACE' };
  }
  return 'scope' in lacks
    ? { message: 'Invalid ability provided.', required_scope: lacks.scope }
    : { error: 'Insufficient permissions.', code: 'FORBIDDEN', required_role: lacks.role };
}

/** A code for programs, and what is in the way where it may be shown. */
function conflictBody(refusal: Refusal): object {
  const { data } = refusal.details;
  const reason = refusal instanceof ReasonedRefusal ? refusal.reason : refusal.code;
  const code = refusal instanceof StaleReply ? 'stale' : reason;
  return { message: sentenceOf(refusal), code, ...(data ? { data } : {}) };
}

/** "Forbidden - Origin not allowed" → "Origin not allowed." */
export function sentenceOf({ message }: Pick<Refusal, 'message'>): string {
  const sentence = message.replace(/^Forbidden - /, '');
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
