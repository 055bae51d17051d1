import type { Failure, StatusReport } from '../provider.js';

/** What Telnyx says of a message, in a callback or when it is asked. */
export interface TelnyxMessage {
  readonly id: string;
  readonly to?: readonly { readonly phone_number?: string; readonly status?: string }[];
  readonly parts?: number;
  readonly cost?: { readonly amount?: string; readonly currency?: string } | null;
  readonly errors?: readonly TelnyxError[] | null;
}

export interface TelnyxError {
  readonly code?: string | number;
  readonly title?: string;
  readonly detail?: string;
}

const STATUSES: Readonly<Record<string, StatusReport['status']>> = {
  queued: 'sending',
  sending: 'sending',
  sent: 'sent',
  // Nothing follows: its carrier tells no more.
  delivery_unconfirmed: 'sent',
  delivered: 'delivered',
  delivery_failed: 'undelivered',
  sending_failed: 'failed',
  expired: 'failed',
};

const CODES: readonly (readonly [errorCode: string, codes: readonly string[]])[] = [
  ['invalid_number', ['10002', '10016', '40012', '40310']],
  ['invalid_from', ['10001', '40013', '40305', '40306', '40308', '40315', '40320', '40321']],
  ['unroutable', ['40001']],
  ['region_not_permitted', ['40309', '40319']],
  ['recipient_opted_out', ['40300']],
  ['unreachable', ['40006']],
  ['filtered', ['40002', '40003', '40015', '40322']],
  ['carrier_error', ['40004', '40008']],
  ['expired', ['40005', '40014']],
  ['throttled', ['10011', '40011', '40016', '40018']],
  ['queue_full', ['40318']],
  ['body_too_long', ['40302', '40328']],
  ['unregistered_sender', ['40010', '40329']],
  ['account_suspended', ['20012', '20013', '20100', '40312', '40314', '40333']],
  ['provider_auth', ['10009', '10010', '20002', '40311', '40313']],
];
const CODE_OF = new Map(CODES.flatMap(([ours, theirs]) => theirs.map((code) => [code, ours] as const)));
const MAX_TEXT = 255;

/** What became of a message; null where it says nothing that anybody knows. */
export function reportOf({ to, parts, cost, errors }: TelnyxMessage): StatusReport | null {
  const said = to?.[0]?.status ?? '';
  const status = Object.hasOwn(STATUSES, said) ? STATUSES[said]! : null;
  if (status === null) {
    return null;
  }
  const hasFailed = status === 'failed' || status === 'undelivered';
  return {
    status,
    ...(hasFailed ? failureOf(errors ?? [], said === 'expired' ? 'expired' : 'provider_error') : {}),
    ...(isCount(parts) ? { segments: parts } : {}),
    ...priceOf(cost),
  };
}

export function failureOf(errors: readonly TelnyxError[], otherwise = 'provider_error'): Failure {
  const [first] = errors;
  if (first?.code === undefined) {
    return { errorCode: otherwise };
  }
  const providerCode = String(first.code).slice(0, MAX_TEXT);
  const text = first.detail ?? first.title;
  const errorText = typeof text === 'string' ? { errorText: text.slice(0, MAX_TEXT) } : {};
  return { errorCode: CODE_OF.get(providerCode) ?? otherwise, providerCode, ...errorText };
}

function isCount(parts: unknown): parts is number {
  return Number.isInteger(parts) && (parts as number) > 0 && (parts as number) < 1_000;
}

function priceOf(cost: TelnyxMessage['cost']): Pick<StatusReport, 'price' | 'currency'> {
  const [amount, currency] = [cost?.amount, cost?.currency];
  return typeof amount === 'string' && /^\d{1,9}(\.\d{1,9})?$/.test(amount) && /^[A-Z]{3}$/.test(currency ?? '')
    ? { price: amount, currency }
    : {};
}
