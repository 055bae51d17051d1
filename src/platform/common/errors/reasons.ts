import type { ErrorCode } from './error-codes.js';
import { Refusal, type RefusalDetails } from './refusal.js';

/**
 * What was refused, more exactly than the core's codes say it, each with the code that the core has for it. Dialects that
 * have a word of their own for a reason use it.
 */
export const REASONS = {
  invalid_number: 'invalid',
  invalid_from: 'invalid',
  body_too_long: 'invalid',
  invalid_media: 'invalid',
  media_unreachable: 'invalid',
  media_too_large: 'invalid',
  media_type_not_allowed: 'invalid',
  media_not_supported: 'invalid',
  provider_not_configured: 'invalid',
  invalid_provider: 'invalid',
  provider_rejected: 'invalid',
  recipient_opted_out: 'invalid',
  verification_failed: 'invalid',
  invalid_token: 'invalid',
  weak_password: 'invalid',
  page_too_deep: 'invalid',
  invalid_credentials: 'unauthorized',
  email_not_verified: 'forbidden',
  signup_disabled: 'forbidden',
  last_owner: 'limit_reached',
  number_in_use: 'id_in_use',
  mail_not_configured: 'unavailable',
  busy: 'unavailable',
} as const satisfies Readonly<Record<string, ErrorCode>>;
export type Reason = keyof typeof REASONS;

/** A refusal whose reason has a name. */
export class ReasonedRefusal extends Refusal {
  constructor(
    readonly reason: Reason,
    message: string,
    details: RefusalDetails = {},
  ) {
    super(REASONS[reason], message, details);
  }
}
