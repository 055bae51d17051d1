import { CannotStart } from '../common/cannot-start.js';
import { refusalForDatabase } from './database-failure.js';
import { SQLSTATE } from './sqlstates.js';

/** And Node's codes for a certificate that can't be trusted. */
const FINAL: ReadonlySet<string> = new Set<string>([
  ...[SQLSTATE.invalidAuthorizationSpecification, SQLSTATE.invalidPassword],
  ...[SQLSTATE.invalidCatalogName, SQLSTATE.insufficientPrivilege],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID'],
]);
/** node-postgres reports these without a code. */
const FINAL_MESSAGE = /client password must be a (non-empty )?string|does not support SSL connections/;

/** A CannotStart for what trying again can't mend: a wrong password, database, privilege or certificate. */
export function asFailure(error: unknown): unknown {
  if (error instanceof CannotStart) {
    return error;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  const isFinal = FINAL.has(code ?? '') || FINAL_MESSAGE.test(message);
  return isFinal ? new CannotStart(`The database can't be used: ${message}.`) : error;
}

/** The database is away or too busy, and may answer a second later. */
export function isTransient(error: unknown): boolean {
  return refusalForDatabase(error, true)?.kind === 'unavailable';
}
