import { isNativeError } from 'node:util/types';
import { Refusal } from './refusal.js';

/** Seconds; a database that fails over is back in a few. */
const AGAIN = { retryAfter: 2 };

/**
 * What each SQLSTATE (PostgreSQL manual, appendix A) means to a caller. A code that is not here is a fault of ours: 500.
 * `untouched`: the statement was refused as a whole, so nothing changed. `unknown`: the connection went away while a
 * statement was on it, and a commit may or may not have happened.
 */
const STATES: Readonly<Record<string, 'invalid' | 'untouched' | 'unknown'>> = {
  '22001': 'invalid',
  '22003': 'invalid',
  '22007': 'invalid',
  '22008': 'invalid',
  '22021': 'invalid',
  '22P02': 'invalid',
  '22P05': 'invalid',
  '54001': 'invalid',
  '40001': 'untouched',
  '40P01': 'untouched',
  '53100': 'untouched',
  '53200': 'untouched',
  '53300': 'untouched',
  '55P03': 'untouched',
  '57014': 'untouched',
  '57P03': 'untouched',
  '57P01': 'unknown',
  '57P02': 'unknown',
  '57P05': 'unknown',
  '08000': 'unknown',
  '08003': 'unknown',
  '08006': 'unknown',
  ECONNREFUSED: 'untouched',
  ENOTFOUND: 'untouched',
  EAI_AGAIN: 'untouched',
  ECONNRESET: 'unknown',
  EPIPE: 'unknown',
  ETIMEDOUT: 'unknown',
};

/** node-postgres reports these without a code. */
const MESSAGES: ReadonlyArray<readonly [pattern: RegExp, effect: 'untouched' | 'unknown']> = [
  [/timeout exceeded when trying to connect/i, 'untouched'],
  [/timeout expired/i, 'untouched'],
  [/Cannot use a pool after calling end/, 'untouched'],
  // TypeORM's answer while it has never reached the database.
  [/^No metadata for /, 'untouched'],
  [/Query read timeout|Connection terminated|Client has encountered a connection error|not queryable/, 'unknown'],
];

/** What a failure of the database means to the caller, or null when it is no such failure. */
export function refusalForDatabase(error: unknown, wasWrite: boolean): Refusal | null {
  const effect = effectOf(error);
  switch (effect) {
    case 'invalid':
      return new Refusal('invalid', 'The given data was invalid.', {
        errors: { body: ['A value can not be stored.'] },
      });
    case 'untouched':
      return databaseAway();
    case 'unknown':
      return wasWrite
        ? new Refusal(
            'outcome_unknown',
            'The outcome is unknown: the database went away. Please try again with the same Idempotency-Key.',
            AGAIN,
          )
        : new Refusal('unavailable', 'Service temporarily unavailable. Please try again.', AGAIN);
    default:
      return null;
  }
}

/** The database can't be asked, so nothing has happened. */
export function databaseAway(): Refusal {
  return new Refusal('unavailable', 'Service temporarily unavailable. Nothing was changed. Please try again.', AGAIN);
}

function effectOf(error: unknown): 'invalid' | 'untouched' | 'unknown' | undefined {
  if (!isNativeError(error)) {
    return undefined;
  }
  const { code } = error as NodeJS.ErrnoException;
  const causes = error instanceof AggregateError ? error.errors : [];
  return (
    (code === undefined ? undefined : STATES[code]) ??
    MESSAGES.find(([pattern]) => pattern.test(error.message))?.[1] ??
    causes.map(effectOf).find((effect) => effect !== undefined)
  );
}
