import type { SendOutcome } from '../provider.js';
import { failureOf } from './twilio-words.js';

/** What the SDK throws where Twilio answered, and where the network did not let it. */
interface Thrown extends Error {
  readonly status?: number;
  readonly code?: number | string;
  /** What the system was asked for when it failed. */
  readonly syscall?: string;
  readonly cause?: { readonly syscall?: string };
}

/** Before a byte of the request was sent: the name, the connection, the certificate. */
const BEFORE_SENDING =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|CERT_\w+|UNABLE_TO_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|ERR_TLS_CERT_\w+)$/;
const TOO_MANY = 429;
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404]);

export function outcomeOfError(error: unknown): SendOutcome {
  const { status, code, message } = error as Thrown;
  if (status === undefined) {
    return wasNotSent(error as Thrown)
      ? { kind: 'later', retryAfter: null, errorCode: 'provider_unreachable', errorText: message }
      : { kind: 'unknown', why: message };
  }
  if (status === TOO_MANY) {
    return { kind: 'later', retryAfter: null, ...failureOf(code ?? '20429', message) };
  }
  return status >= 400 && status < 500 && status !== 408
    ? { kind: 'refused', ...failureOf(code, message) }
    : { kind: 'unknown', why: `HTTP ${status}` };
}

/** What is wrong with the credentials. @throws the error where they were not looked at */
export function rejectionOf(error: unknown): string {
  const { status } = error as Thrown;
  if (status === undefined || !REFUSALS.has(status)) {
    throw error;
  }
  return 'Twilio refused the account SID, the auth token or the API key';
}

function wasNotSent({ code, syscall, cause }: Thrown): boolean {
  return BEFORE_SENDING.test(String(code)) || (syscall ?? cause?.syscall) === 'connect';
}
