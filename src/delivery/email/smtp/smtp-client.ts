import { SECOND_MS } from '../../../platform/common/durations.js';
import type { Resolve } from '../../../platform/common/outbound/names.js';
import type { DestinationRules } from '../../../platform/common/outbound/outbound-policy.js';
import type { RawMail, SmtpServer } from './smtp-line.js';
import type { SmtpOutcome } from './smtp-outcome.js';
import { SmtpSession } from './smtp-session.js';

export type { RawMail, SmtpServer, SmtpSession };

/** Ports that mail is handed in at; others belong to servers of another kind. */
export const SMTP_PORTS: readonly number[] = [25, 465, 587, 2525];

const TIMEOUT_MS = 60 * SECOND_MS;

/** Speaks to mail servers whose address a client chose. */
export class SmtpClient {
  constructor(
    private readonly resolve: Resolve,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  /** For several mails, one after another. Nobody is called before the first; whoever has it closes it. */
  session(server: SmtpServer, rules: DestinationRules): SmtpSession {
    return new SmtpSession(server, rules, this.resolve, this.timeoutMs);
  }

  /** Hands in one mail, once. */
  send(server: SmtpServer, rules: DestinationRules, mail: RawMail): Promise<SmtpOutcome> {
    return this.during(server, rules, (session) => session.send(mail));
  }

  /** Whether it lets us in; nothing is sent. */
  logIn(server: SmtpServer, rules: DestinationRules): Promise<SmtpOutcome> {
    return this.during(server, rules, (session) => session.logIn());
  }

  private async during(
    server: SmtpServer,
    rules: DestinationRules,
    work: (session: SmtpSession) => Promise<SmtpOutcome>,
  ): Promise<SmtpOutcome> {
    const session = this.session(server, rules);
    try {
      return await work(session);
    } finally {
      session.close();
    }
  }
}
