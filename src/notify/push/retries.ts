import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../platform/common/durations.js';
import { nextWaitMs } from '../backoff.js';

/** A notification that is older is of no use any more. */
export const LIFETIME_MS = 24 * HOUR_MS;
/** Waits after the first failed attempt, the second, and so on. */
const PLAN_MS = [
  ...[10 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
  ...[2 * HOUR_MS, 6 * HOUR_MS],
];

/**
 * @param attempts how many there were
 * @param ageMs since the push was made
 * @param retryAfterMs what the provider asked for
 * @param random from 0 to 1
 * @returns milliseconds until the next attempt; null where there is none
 */
export function retryInMs(attempts: number, ageMs: number, retryAfterMs: number | null, random: number): number | null {
  const waitMs = nextWaitMs(PLAN_MS, attempts, retryAfterMs ?? 0, random);
  return waitMs === null || ageMs + waitMs > LIFETIME_MS ? null : waitMs;
}
