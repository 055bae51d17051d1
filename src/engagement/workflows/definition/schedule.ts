import { Cron } from 'croner';
import { MINUTE_MS } from '../../../platform/common/durations.js';

const MIN_GAP_MS = 15 * MINUTE_MS;
/** Enough to see the gaps of a whole day. */
const RUNS = 97;

/** What is wrong with a cron expression of five fields; null where it is fine. */
export function scheduleProblem(cron: string, timezone: string, now: Date): string | null {
  try {
    const runs = new Cron(cron, { timezone, mode: '5-part', paused: true }).nextRuns(RUNS, now);
    if (runs.length === 0) {
      return 'never comes.';
    }
    const isDense = runs.some((at, place) => place > 0 && at.getTime() - runs[place - 1]!.getTime() < MIN_GAP_MS);
    return isDense ? 'must leave 15 minutes between two runs.' : null;
  } catch {
    return 'must be a cron expression of five fields.';
  }
}

/** When it is due next; null where it never is again. */
export function nextRun(cron: string, timezone: string, after: Date): Date | null {
  return new Cron(cron, { timezone, mode: '5-part', paused: true }).nextRun(after);
}
