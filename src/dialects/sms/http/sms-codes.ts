import { STATUSES, ERROR_CODES, type ErrorCode } from '../../../platform/common/errors/error-codes.js';
import { REASONS, type Reason } from '../../../platform/common/errors/reasons.js';

/** What this dialect calls each of the core's codes. */
export const CORE_CODES = {
  malformed: 'malformed_request',
  idempotency_key_not_taken: 'malformed_request',
  unauthorized: 'unauthorized',
  forbidden: 'forbidden',
  not_found: 'not_found',
  method_not_allowed: 'method_not_allowed',
  request_timeout: 'malformed_request',
  id_in_use: 'conflict',
  idempotency_key_in_use: 'idempotency_key_in_use',
  limit_reached: 'conflict',
  already_exists: 'conflict',
  already_uploaded: 'conflict',
  precondition_failed: 'malformed_request',
  too_large: 'payload_too_large',
  unsupported_media_type: 'unsupported_media_type',
  range_not_satisfiable: 'malformed_request',
  expectation_failed: 'malformed_request',
  invalid: 'invalid_params',
  idempotency_key_reused: 'idempotency_key_reused',
  storage_limit_reached: 'conflict',
  wrong_size: 'invalid_params',
  upgrade_required: 'upgrade_required',
  rate_limited: 'rate_limited',
  headers_too_large: 'headers_too_large',
  internal_error: 'internal_error',
  unavailable: 'service_unavailable',
  outcome_unknown: 'outcome_unknown',
  storage_unavailable: 'storage_unavailable',
  secrets_key_missing: 'secrets_key_missing',
} as const satisfies Readonly<Record<ErrorCode, string>>;

/** Those that no code of the core stands for. */
type OwnCode = 'missing_params' | 'send_failed';
export type SmsCode = Reason | OwnCode | (typeof CORE_CODES)[ErrorCode];

/** This dialect has no 422: what the core answers so is a 400 here. */
export function statusOf(code: ErrorCode): number {
  const status = STATUSES[ERROR_CODES[code].kind];
  return status === 422 ? 400 : status;
}

/** The codes of each status, in the order in which they are shown; what only the core answers is not among them. */
export const CODES_BY_STATUS: ReadonlyMap<number, readonly SmsCode[]> = byStatus([
  ['missing_params', 400],
  ['invalid_params', 400],
  ...Object.entries(CORE_CODES)
    .filter(([, code]) => code !== 'malformed_request' && code !== 'conflict')
    .map(([core, code]) => [code, statusOf(core as ErrorCode)] as const),
  ['malformed_request', 400],
  ['conflict', 409],
  ...Object.entries(REASONS).map(([reason, core]) => [reason as Reason, statusOf(core)] as const),
  ['send_failed', 500],
]);

function byStatus(entries: readonly (readonly [SmsCode, number])[]): Map<number, SmsCode[]> {
  const all = new Map<number, SmsCode[]>();
  for (const [code, status] of entries) {
    const codes = all.get(status) ?? [];
    all.set(status, codes.includes(code) ? codes : [...codes, code]);
  }
  return all;
}

/** The status of a code. */
export function statusOfCode(code: SmsCode): number {
  return [...CODES_BY_STATUS].find(([, codes]) => codes.includes(code))![0];
}
