import { STATUSES } from './error-codes.js';
import type { Refusal } from './refusal.js';

/** Where each code is explained, under its own name. */
export const ERRORS_PAGE = '/docs/errors';

export function statusOf(refusal: Refusal): number {
  return STATUSES[refusal.kind];
}

/**
 * The body of every error: the 422 names fields, all others say one sentence.
 * @param base what to put before a path of this server so that whoever asked can follow it
 */
export function errorBody(refusal: Refusal, requestId: string, base: string): Record<string, unknown> {
  const { code, message, details } = refusal;
  const rest = { code, doc_url: `${base}${ERRORS_PAGE}#${code}`, request_id: requestId };
  return details.errors
    ? { message, errors: details.errors, ...rest }
    : { error: message, ...rest, ...(details.data && { data: details.data }) };
}
