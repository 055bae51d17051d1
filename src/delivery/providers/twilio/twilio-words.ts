import type { ReportedStatus } from '../../deliveries/delivery-status.js';
import type { Failure } from '../provider.js';

const STATUSES: Readonly<Record<string, ReportedStatus>> = {
  accepted: 'sending',
  scheduled: 'sending',
  queued: 'sending',
  sending: 'sending',
  sent: 'sent',
  partially_delivered: 'sent',
  delivered: 'delivered',
  read: 'read',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'canceled',
};

const ERRORS: Readonly<Record<string, string>> = {
  11751: 'media_failed',
  12300: 'media_failed',
  20003: 'provider_auth',
  20429: 'throttled',
  21211: 'invalid_number',
  21212: 'invalid_from',
  21408: 'region_not_permitted',
  21606: 'invalid_from',
  21608: 'unverified_recipient',
  21610: 'recipient_opted_out',
  21611: 'queue_full',
  21612: 'unroutable',
  21614: 'not_mobile',
  21617: 'body_too_long',
  21620: 'media_failed',
  21623: 'media_failed',
  30001: 'queue_full',
  30002: 'account_suspended',
  30003: 'unreachable',
  30004: 'blocked',
  30005: 'unknown_handset',
  30006: 'landline',
  30007: 'filtered',
  30008: 'carrier_error',
  30019: 'media_failed',
  30034: 'unregistered_sender',
  30036: 'expired',
};

/** Null where nobody knows it. */
export function statusOf(word: string): ReportedStatus | null {
  return Object.hasOwn(STATUSES, word) ? STATUSES[word]! : null;
}

/** @param code Twilio's own; null or absent where it gave none */
export function failureOf(code: string | number | null | undefined, errorText?: string): Failure {
  const providerCode = code ? String(code) : undefined;
  return {
    errorCode: ERRORS[providerCode ?? ''] ?? 'provider_error',
    ...(providerCode ? { providerCode } : {}),
    ...(errorText ? { errorText } : {}),
  };
}

/** PostgreSQL keeps no U+0000, and whoever sent it can't be asked to leave it out. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}
