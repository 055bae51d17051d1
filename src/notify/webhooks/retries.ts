import type { Result } from '../../platform/common/outbound/outbound-client.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Milliseconds to wait after the first failed attempt, the second, and so on; after the last attempt there is no other.
 */
const WAITS = [
  ...[5 * SECOND, 5 * MINUTE, 30 * MINUTE],
  ...[2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
];
/** Waits differ by up to this part of themselves, so that what failed together does not come back together. */
const JITTER = 0.2;
/** A server that is away is left alone this long, then twice as long, up to the most; longer where it asks for that. */
const PAUSE = { first: 5 * SECOND, most: 5 * MINUTE };
/** Answers of whatever stands before a server that is away, or of one that wants to be left alone. */
const AWAY: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const ASKS_FOR_PATIENCE: ReadonlySet<number> = new Set([429, 503]);

export interface Verdict {
  readonly status: 'delivered' | 'pending' | 'failed';
  /** Milliseconds until the next attempt; null where there is none. */
  readonly wait: number | null;
  /** Milliseconds for which the endpoint is left alone altogether; null where it answers. */
  readonly pause: number | null;
  /** Whether the server said that the endpoint is no more. */
  readonly gone: boolean;
}

/**
 * @param attempts how many there were, this one included
 * @param awayBefore how often in a row the server was away before this attempt
 * @param random from 0 to 1
 */
export function judge(result: Result, attempts: number, awayBefore: number, random: number): Verdict {
  const { status, error } = result;
  if (status !== null && status >= 200 && status < 300 && error === null) {
    return { status: 'delivered', wait: null, pause: null, gone: false };
  }
  const asked = status !== null && ASKS_FOR_PATIENCE.has(status) ? Math.min(result.retryAfterMs ?? 0, DAY) : 0;
  const away = status === null || AWAY.has(status) || error !== null;
  const planned = WAITS[attempts - 1];
  return {
    status: planned === undefined ? 'failed' : 'pending',
    // A server may ask for more patience than was planned, never for less: the plan is what protects it from us.
    wait: planned === undefined ? null : Math.max(Math.round(planned * (1 - JITTER + 2 * JITTER * random)), asked),
    pause: away ? Math.max(Math.min(PAUSE.first * 2 ** Math.min(awayBefore, 10), PAUSE.most), asked) : null,
    gone: status === 410,
  };
}
