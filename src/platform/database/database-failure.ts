import { isNativeError } from 'node:util/types';
import pg from 'pg';
import { Refusal } from '../common/errors/refusal.js';
import { SQLSTATE } from './sqlstates.js';

/** Seconds; a database that fails over is back in a few. */
const AGAIN = { retryAfter: 2 };

/**
 * What each SQLSTATE means to a caller. A code that is not here is a fault of ours: 500.
 * `untouched`: the statement was refused as a whole, so nothing changed. `unknown`: the connection went away while a
 * statement was on it, and a commit may or may not have happened.
 */
const STATES: Readonly<Record<string, 'invalid' | 'untouched' | 'unknown'>> = {
  [SQLSTATE.stringDataRightTruncation]: 'invalid',
  [SQLSTATE.numericValueOutOfRange]: 'invalid',
  [SQLSTATE.invalidDatetimeFormat]: 'invalid',
  [SQLSTATE.datetimeFieldOverflow]: 'invalid',
  [SQLSTATE.characterNotInRepertoire]: 'invalid',
  [SQLSTATE.invalidTextRepresentation]: 'invalid',
  [SQLSTATE.untranslatableCharacter]: 'invalid',
  [SQLSTATE.statementTooComplex]: 'invalid',
  [SQLSTATE.serializationFailure]: 'untouched',
  [SQLSTATE.deadlockDetected]: 'untouched',
  [SQLSTATE.diskFull]: 'untouched',
  [SQLSTATE.outOfMemory]: 'untouched',
  [SQLSTATE.tooManyConnections]: 'untouched',
  [SQLSTATE.lockNotAvailable]: 'untouched',
  [SQLSTATE.queryCanceled]: 'untouched',
  [SQLSTATE.cannotConnectNow]: 'untouched',
  [SQLSTATE.adminShutdown]: 'unknown',
  [SQLSTATE.crashShutdown]: 'unknown',
  [SQLSTATE.idleSessionTimeout]: 'unknown',
  [SQLSTATE.connectionException]: 'unknown',
  [SQLSTATE.connectionDoesNotExist]: 'unknown',
  [SQLSTATE.connectionFailure]: 'unknown',
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

/** Whether PostgreSQL refused a statement as a whole, and says so on a connection that is still there. */
export function wasRefused(error: unknown): boolean {
  return error instanceof pg.DatabaseError && effectOf(error) !== 'unknown';
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
