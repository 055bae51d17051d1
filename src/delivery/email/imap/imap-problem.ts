import type { ImapFlowError } from 'imapflow';
import { oneLine } from '../reading/well-formed.js';

const TEXT_CHARACTERS = 300;
const LATE: ReadonlySet<string> = new Set(['CONNECT_TIMEOUT', 'UPGRADE_TIMEOUT', 'ETIMEOUT']);
const TOO_MUCH: ReadonlySet<string> = new Set([
  'LineTooLarge',
  'LiteralTooLarge',
  'ResponseTooLarge',
  'TooManyTokens',
  'TooManyResponses',
]);

/** What is wrong with a mailbox, in words for whoever set it up. */
export class ImapProblem extends Error {}

/**
 * Of an error of the IMAP client. What a server answers to a command of ours is told; who speaks otherwise may be no mail server,
 * and what it says is nobody's business.
 */
export function problemOf(error: Error): ImapProblem {
  if (error instanceof ImapProblem) {
    return error;
  }
  const { code = '', responseText, response, authenticationFailed, tlsFailed, message } = error as ImapFlowError;
  const said = responseText ?? (typeof response === 'string' ? response : '');
  if (said !== '' || authenticationFailed) {
    return new ImapProblem(oneLine(said === '' ? message : said, TEXT_CHARACTERS));
  }
  if (LATE.has(code)) {
    return new ImapProblem('It does not answer in time');
  }
  if (TOO_MUCH.has(code)) {
    return new ImapProblem('It sends more than an IMAP server says');
  }
  if (code === 'NoConnection' || code === 'EConnectionClosed' || code.startsWith('ClosedAfterConnect')) {
    return new ImapProblem('It ended the connection');
  }
  // Of the network and of certificates.
  return new ImapProblem(
    tlsFailed || 'syscall' in error || /^(ERR_|CERT_|UNABLE_|DEPTH_|SELF_|E[A-Z]+$)/.test(code)
      ? oneLine(message, TEXT_CHARACTERS)
      : 'It does not answer as an IMAP server',
  );
}
