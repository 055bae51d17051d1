/** Seconds until a mail that its server did not take yet is handed in again. */
const CALLS = [60, 300, 1_800, 7_200, 28_800];
/** Of a wait, either way: so that what failed together does not come back together. */
const JITTER = 0.2;

/** @param random 0 to 1 @returns null where it is given up */
export function nextMailInSeconds(tries: number, random: number): number | null {
  const wait = CALLS[tries];
  return wait === undefined ? null : wait * (1 + JITTER * (2 * random - 1));
}
