/** Waits vary by up to this share of themselves, so that what failed together is not tried again together. */
const JITTER = 0.2;

/**
 * @param planMs the waits after the first failed attempt, the second, and so on
 * @param attempts how many there were
 * @param askedMs what the receiver asked for, which may be longer than the plan and never shorter: the plan protects it
 * @param random from 0 to 1
 * @returns milliseconds until the next attempt; null after the last
 */
export function nextWaitMs(
  planMs: readonly number[],
  attempts: number,
  askedMs: number,
  random: number,
): number | null {
  const planned = planMs[attempts - 1];
  return planned === undefined ? null : Math.max(Math.round(planned * (1 - JITTER + 2 * JITTER * random)), askedMs);
}
