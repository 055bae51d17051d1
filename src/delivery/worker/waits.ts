/** Seconds until a call that surely did nothing is made again. */
const CALLS = [5, 30, 120, 600, 1_800];
/** Seconds between looks at the provider for a message of which no answer came. */
const LOOKS = [60, 120, 600, 3_600];
/** Seconds between tries to fetch the files of an inbound message. */
const FETCHES = [10, 60];
/** Of a wait for a call, either way: so that what failed together does not come back together. */
const JITTER = 0.2;

/** @param random 0 to 1 @param retryAfter seconds that the provider asked for @returns null where it is given up */
export function nextCallInSeconds(tries: number, retryAfter: number | null, random: number): number | null {
  const wait = CALLS[tries];
  return wait === undefined ? null : Math.max(wait * (1 + JITTER * (2 * random - 1)), retryAfter ?? 0);
}

/** Null where it is given up. */
export function nextLookInSeconds(looks: number): number | null {
  return LOOKS[looks] ?? null;
}

/** Null where it is given up. */
export function nextFetchInSeconds(tries: number): number | null {
  return FETCHES[tries] ?? null;
}
