/** Seconds until a mail that its server did not take yet is handed in again. */
const WAITS = [300, 1_800, 7_200, 28_800];

/** @param attempts those that came to nothing before @returns null where it is given up */
export function nextAttemptInSeconds(attempts: number): number | null {
  return WAITS[attempts] ?? null;
}
