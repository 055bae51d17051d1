import { mailAttempts } from '../../../platform/common/metrics.js';
import { dial } from '../../../platform/common/outbound/dial.js';
import type { Resolve } from '../../../platform/common/outbound/names.js';
import type { DestinationRules } from '../../../platform/common/outbound/outbound-policy.js';
import { SmtpLine, type Permit, type Progress, type RawMail, type SmtpServer } from './smtp-line.js';
import { smtpOutcome, type SmtpFailure, type SmtpOutcome } from './smtp-outcome.js';

interface SmtpError extends Error {
  readonly responseCode?: number;
  readonly response?: string;
}

/** With this a server ends a connection: it has had enough of it, or goes away. */
const CLOSING = 421;

/**
 * Hands in one mail after another by one connection, which is opened when it is needed, and anew where it is over. What becomes
 * of a mail is told as if it had a connection of its own.
 */
export class SmtpSession {
  private line: SmtpLine | null = null;

  /** @param timeoutMs for a log-in, and for the whole of a mail */
  constructor(
    private readonly server: SmtpServer,
    private readonly rules: DestinationRules,
    private readonly resolve: Resolve,
    private readonly timeoutMs: number,
  ) {}

  /** Hands in one mail, once. */
  async send(mail: RawMail, permit: Permit = () => Promise.resolve(true)): Promise<SmtpOutcome> {
    const isUsed = this.line !== null;
    const handIn = (): Promise<SmtpFailure | null> =>
      this.attempt(async (progress) => {
        this.line ??= await this.opened(progress);
        await this.line.transmit(mail, permit, progress);
      });
    const failure = await handIn();
    // A server may end a connection between two mails. That is no fault of the second, of which it has taken nothing.
    const isOver = failure?.stage === 'envelope' && (failure.code === null || failure.code === CLOSING);
    const outcome = outcomeOf(isUsed && isOver ? await handIn() : failure);
    mailAttempts.inc({ outcome: outcome.kind });
    return outcome;
  }

  /** Whether it lets us in; nothing is sent. */
  async logIn(): Promise<SmtpOutcome> {
    return outcomeOf(
      await this.attempt(async (progress) => {
        this.line ??= await this.opened(progress);
      }),
    );
  }

  close(): void {
    this.line?.close();
    this.line = null;
  }

  private async opened(progress: Progress): Promise<SmtpLine> {
    const { server, rules } = this;
    const socket = await dial({ ...server, tls: server.secure }, rules, this.resolve);
    const line = new SmtpLine(socket, server, rules, this.timeoutMs);
    try {
      await line.logIn(progress);
      return line;
    } catch (error) {
      line.drop();
      throw error;
    }
  }

  /** Null where it worked. Afterwards the connection is one that takes the next mail, or none. */
  private async attempt(work: (progress: Progress) => Promise<void>): Promise<SmtpFailure | null> {
    const progress: Progress = { stage: 'connecting' };
    try {
      await work(progress);
      return null;
    } catch (error) {
      const failure = failureOf(progress, error as SmtpError);
      // Only after it has answered an envelope or a whole mail do both sides know where they are.
      const isInStep = failure.code !== null && failure.code !== CLOSING && failure.stage !== 'content';
      if (isInStep && this.line) {
        this.line.needsReset = true;
      } else {
        this.line?.drop();
        this.line = null;
      }
      return failure;
    }
  }
}

function failureOf({ stage }: Progress, error: SmtpError): SmtpFailure {
  const { responseCode: code = null, response, message } = error;
  // Who answers otherwise may be no mail server, and what it says is nobody's business.
  const words = response === undefined ? message : 'It does not answer as a mail server';
  return { stage, code, text: code === null ? words : (response ?? '').replace(/^\d{3}[ -]?/, '') };
}

function outcomeOf(failure: SmtpFailure | null): SmtpOutcome {
  return failure ? smtpOutcome(failure) : { kind: 'accepted', providerMessageId: '', status: 'sent' };
}
