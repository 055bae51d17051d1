const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Milliseconds after which a notification is no news any more. */
export const LIFETIME = 24 * HOUR;
/** Milliseconds to wait after the first failed attempt, the second, and so on; after the eighth there is no other. */
const WAITS = [10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR];
/** Waits differ by up to this part of themselves, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * Milliseconds until the next attempt; null: it was the last.
 * @param attempts how many there were
 * @param age milliseconds since the push was made
 * @param retryAfter milliseconds that the provider asked for
 * @param random from 0 to 1
 */
export function waitAfter(attempts: number, age: number, retryAfter: number | null, random: number): number | null {
  const planned = WAITS[attempts - 1];
  if (planned === undefined) {
    return null;
  }
  // A provider may ask for more patience than was planned, never for less: the plan is what protects it from us.
  const wait = Math.max(Math.round(planned * (1 - JITTER + 2 * JITTER * random)), retryAfter ?? 0);
  return age + wait > LIFETIME ? null : wait;
}
