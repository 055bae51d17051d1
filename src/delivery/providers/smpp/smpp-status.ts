import smpp from 'smpp';
import type { Failure, SendOutcome } from '../provider.js';

/** Command statuses by which a server says that it took nothing for now. */
const LATER = new Set(
  ['ESME_RINVBNDSTS', 'ESME_RSYSERR', 'ESME_RMSGQFUL', 'ESME_RTHROTTLED', 'ESME_RX_T_APPN'].map(statusOf),
);
const CODES = new Map<number, string>(
  (
    [
      ['invalid_number', ['ESME_RINVDSTADR', 'ESME_RINVDSTTON', 'ESME_RINVDSTNPI']],
      ['invalid_from', ['ESME_RINVSRCADR', 'ESME_RINVSRCTON', 'ESME_RINVSRCNPI']],
      ['body_too_long', ['ESME_RINVMSGLEN']],
      ['throttled', ['ESME_RTHROTTLED']],
      ['queue_full', ['ESME_RMSGQFUL']],
      ['provider_auth', ['ESME_RINVPASWD', 'ESME_RINVSYSID', 'ESME_RSERTYPUNAUTH', 'ESME_RPROHIBITED']],
    ] as const
  ).flatMap(([code, names]) => names.map((name) => [statusOf(name), code] as const)),
);
const NAMES = new Map(Object.entries(smpp.errors).map(([name, status]) => [status, name]));

/** As the protocol calls it; some servers have statuses of their own. */
export function nameOfStatus(status: number): string {
  return NAMES.get(status) ?? `0x${status.toString(16).padStart(8, '0')}`;
}

export function isForLater(status: number): boolean {
  return LATER.has(status);
}

/** What a `submit_sm` came to that the server answered with a `status` other than 0. */
export function refusalOf(status: number): SendOutcome {
  const failure: Failure = { errorCode: CODES.get(status) ?? 'provider_error', providerCode: nameOfStatus(status) };
  return isForLater(status) ? { kind: 'later', retryAfter: null, ...failure } : { kind: 'refused', ...failure };
}

function statusOf(name: string): number {
  return smpp.errors[name]!;
}

/** The credentials are right; the server takes one bind, and has it. */
export function isBoundElsewhere(status: number): boolean {
  return status === statusOf('ESME_RALYBND');
}
