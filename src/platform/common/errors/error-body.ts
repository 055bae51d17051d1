import type { Refusal, RefusalKind } from './refusal.js';

const STATUS: Readonly<Record<RefusalKind, number>> = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  range_not_satisfiable: 416,
  invalid: 422,
  upgrade_required: 426,
  rate_limited: 429,
  headers_too_large: 431,
  unavailable: 503,
};

export function statusOf(refusal: Refusal): number {
  return STATUS[refusal.kind];
}

/** The body of every error: the 422 names fields, all others say one sentence. */
export function errorBody(refusal: Refusal, requestId: string): Record<string, unknown> {
  const { errors, data } = refusal.details;
  return errors
    ? { message: refusal.message, errors, code: refusal.code, request_id: requestId }
    : { error: refusal.message, code: refusal.code, request_id: requestId, ...(data && { data }) };
}
