import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../platform/common/durations.js';
import type { PostResult } from '../../platform/common/outbound/outbound-client.js';
import { nextWaitMs } from '../backoff.js';

/** Waits after the first failed attempt, the second, and so on. */
const PLAN_MS = [
  ...[5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS],
  ...[2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 14 * HOUR_MS, 20 * HOUR_MS, 24 * HOUR_MS],
];
/** An endpoint that is away is paused for so long, then twice as long, up to the most; longer where it asks for that. */
const PAUSE_MS = { first: 5 * SECOND_MS, most: 5 * MINUTE_MS };
/** Answers of a proxy whose server is away, or of a server that is overloaded. */
const AWAY: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Answers whose Retry-After is honoured. */
const HAS_RETRY_AFTER: ReadonlySet<number> = new Set([429, 503]);

export type Answer = Pick<PostResult, 'status' | 'error' | 'retryAfterMs'>;

/** What follows from an attempt at a delivery. */
export interface DeliveryOutcome {
  readonly status: 'delivered' | 'pending' | 'failed';
  /** Null where there is no next attempt. */
  readonly retryInMs: number | null;
  /** How long nothing at all is sent to the endpoint; null where it answers. */
  readonly pauseMs: number | null;
  /** Whether the server answered 410. */
  readonly isGone: boolean;
}

/**
 * @param attempts how many there were, this one included
 * @param awayBefore how often in a row the server was away before this attempt
 * @param random from 0 to 1
 */
export function outcomeOf(
  { status, error, retryAfterMs }: Answer,
  attempts: number,
  awayBefore: number,
  random: number,
): DeliveryOutcome {
  if (status !== null && status >= 200 && status < 300 && error === null) {
    return { status: 'delivered', retryInMs: null, pauseMs: null, isGone: false };
  }
  const askedMs = status !== null && HAS_RETRY_AFTER.has(status) ? Math.min(retryAfterMs ?? 0, DAY_MS) : 0;
  const isAway = status === null || AWAY.has(status) || error !== null;
  const retryInMs = nextWaitMs(PLAN_MS, attempts, askedMs, random);
  return {
    status: retryInMs === null ? 'failed' : 'pending',
    retryInMs,
    pauseMs: isAway ? Math.max(Math.min(PAUSE_MS.first * 2 ** Math.min(awayBefore, 10), PAUSE_MS.most), askedMs) : null,
    isGone: status === 410,
  };
}
