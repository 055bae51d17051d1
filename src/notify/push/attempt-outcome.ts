/** What became of an attempt to send a push. */
export type AttemptOutcome =
  | { readonly kind: 'arrived' }
  /** The device is gone: the app was removed, or the token replaced. */
  | { readonly kind: 'gone' }
  /** Tried again later. */
  | { readonly kind: 'later'; readonly retryAfter: number | null; readonly why: string }
  /** Would be refused again. */
  | { readonly kind: 'refused'; readonly why: string };

/** A provider's answer over HTTP. */
export interface ProviderResponse {
  /** Null where there was none. */
  readonly status: number | null;
  /** Milliseconds that the provider asked for. */
  readonly retryAfterMs: number | null;
  /** Its text, or why there was no answer. */
  readonly why: string;
}

const TIMED_OUT = 408;
const TOO_MANY = 429;

/** @param isGone whether this answer says so, in the provider's own way */
export function outcomeOf(
  { status, retryAfterMs: retryAfter, why }: ProviderResponse,
  isGone: boolean,
): AttemptOutcome {
  if (status !== null && status >= 200 && status < 300) {
    return { kind: 'arrived' };
  }
  if (isGone) {
    return { kind: 'gone' };
  }
  const says = status === null ? why : `${status} ${why}`.trim();
  return status === null || status >= 500 || status === TIMED_OUT || status === TOO_MANY
    ? { kind: 'later', retryAfter, why: says }
    : { kind: 'refused', why: says };
}
