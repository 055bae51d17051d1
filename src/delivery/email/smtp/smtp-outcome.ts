import { oneLine } from '../reading/well-formed.js';
import type { Failure, SendOutcome } from '../../providers/provider.js';

/** How far a mail got: to the server, through the log-in, the envelope, the content, past the dot that ends it. */
export type SmtpStage = 'connecting' | 'login' | 'envelope' | 'content' | 'ended';

/** What went wrong. Without a code the server said nothing: the connection did not come about, or was lost. */
export interface SmtpFailure {
  readonly stage: SmtpStage;
  /** Of the reply: `550`. */
  readonly code: number | null;
  /** Of the reply, without its code. */
  readonly text: string;
}

/** `account`: nothing is wrong with the mail, so it waits until the account is in order again. */
export type SmtpOutcome = SendOutcome | ({ readonly kind: 'account' } & Failure);

const TEXT_CHARACTERS = 300;
/** That the server closes, that it asks to log in first, and that it can not look after log-ins now. */
const OF_ACCOUNT: Readonly<Record<number, string>> = {
  421: 'provider_unreachable',
  454: 'provider_auth',
  530: 'provider_auth',
  535: 'provider_auth',
};

export function smtpOutcome({ stage, code, text }: SmtpFailure): SmtpOutcome {
  if (code === null) {
    return stage === 'ended'
      ? { kind: 'unknown', why: text }
      : { kind: 'later', retryAfter: null, ...unreachable(text) };
  }
  const failure = { providerCode: String(code), errorText: `${code} ${oneLine(text, TEXT_CHARACTERS)}`.trim() };
  if (stage === 'login' || OF_ACCOUNT[code] !== undefined) {
    return { kind: 'account', errorCode: OF_ACCOUNT[code] ?? 'provider_auth', ...failure };
  }
  // What it says before it knows us is not of this mail; and may be no mail server's words, so nobody is told them.
  if (stage === 'connecting') {
    return { kind: 'later', retryAfter: null, ...unreachable(`The server does not take mail now (${code})`) };
  }
  return code >= 500
    ? { kind: 'refused', errorCode: refusedFor(stage, text), ...failure }
    : { kind: 'later', retryAfter: null, errorCode: 'throttled', ...failure };
}

function unreachable(errorText: string): Failure {
  return { errorCode: 'provider_unreachable', errorText: oneLine(errorText, TEXT_CHARACTERS) };
}

/** That there is nobody (RFC 3463), or that the mail is not taken. */
function refusedFor(stage: SmtpStage, text: string): string {
  return stage === 'envelope' && /^5\.(1\.\d+|2\.1|4\.4)\b/.test(text) ? 'unreachable' : 'blocked';
}
