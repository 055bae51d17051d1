import { ticks } from '../../platform/common/clock.js';
import { SECOND_MS } from '../../platform/common/durations.js';

/** What was found: it works, it works but should be looked at, or it does not. */
export type State = 'ok' | 'warning' | 'failure';

export interface Finding {
  readonly name: string;
  readonly state: State;
  /** In a line, without any secret. */
  readonly says: string;
}

/** One thing to look at. What it throws is its failure. */
export interface Check {
  readonly name: string;
  look(): Promise<Omit<Finding, 'name'>>;
}

/** Whoever is silent for so long does not work. */
const TIMEOUT_MS = 15 * SECOND_MS;

export const ok = (says: string): Omit<Finding, 'name'> => ({ state: 'ok', says });
export const warning = (says: string): Omit<Finding, 'name'> => ({ state: 'warning', says });
export const failure = (says: string): Omit<Finding, 'name'> => ({ state: 'failure', says });

/** All at once; in the order in which they were given. */
export function runChecks(checks: readonly Check[]): Promise<Finding[]> {
  return Promise.all(
    checks.map(async (check) => ({ name: check.name, ...(await within(check.look()).catch(failureOf)) })),
  );
}

/** Milliseconds that it took, whole. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = ticks();
  await work();
  return Math.ceil(ticks() - began);
}

function within<T>(looking: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / SECOND_MS} s`)), TIMEOUT_MS);
    looking.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

/** What a service says of itself may have several lines, and of several attempts only each by itself. */
function failureOf(error: unknown): Omit<Finding, 'name'> {
  const each = error instanceof AggregateError ? error.errors : [error];
  const messages = each.map((one) => (one instanceof Error ? one.message || one.name : String(one)));
  return failure([...new Set(messages)].join(' · ').replace(/\s+/g, ' ').trim());
}
