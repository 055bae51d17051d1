import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { SECOND_MS } from '../../../platform/common/durations.js';
import { MAIL_LIMITS } from '../reading/mail-limits.js';
import { hopsOf, MAX_HOPS } from './hops.js';
import { IntakeBusy, type InboundAccount, type MailIntake } from './mail-intake.js';

const MAX_CONNECTIONS = 50;
const SILENCE_MS = 30 * SECOND_MS;
const MAX_RECIPIENTS = 100;
/** Of all mails that are on their way in at once. */
const MAX_BYTES_UNDER_WAY = 8 * MAIL_LIMITS.rawBytes;

type Recipients = Map<string, { readonly account: InboundAccount; readonly addresses: string[] }>;

/**
 * Takes mails for the accounts there are, and no others: it passes nothing on and lets nobody log in. A mail is taken once
 * it is kept.
 */
export class SmtpListener {
  private readonly logger = new Logger('SmtpListener');
  private readonly server: SMTPServer;
  /** Whom each mail under way is for. */
  private readonly recipients = new WeakMap<SMTPServerSession, Recipients>();
  private bytesUnderWay = 0;

  constructor(
    private readonly intake: MailIntake,
    private readonly maxBytes: number = MAIL_LIMITS.rawBytes,
  ) {
    this.server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      authOptional: true,
      disableReverseLookup: true,
      size: maxBytes,
      maxClients: MAX_CONNECTIONS,
      socketTimeout: SILENCE_MS,
      closeTimeout: SECOND_MS,
      banner: 'Parlance',
      logger: false,
      onMailFrom: (_, session, done) => {
        this.recipients.set(session, new Map());
        done();
      },
      onRcptTo: ({ address }, session, done) => {
        this.addRecipient(session, address).then(
          () => done(),
          (error: unknown) => done(this.replyTo(error)),
        );
      },
      onData: (stream, session, done) => {
        this.take(stream, session).then(
          () => done(null, 'It is kept'),
          (error: unknown) => done(this.replyTo(error)),
        );
      },
    });
    // Of one connection: that it was lost, or spoke nonsense.
    this.server.on('error', (error) => this.logger.debug(error.message));
  }

  /** @returns the port it listens at */
  async listen(port: number, host?: string): Promise<number> {
    this.server.listen(port, host);
    await once(this.server.server, 'listening');
    return (this.server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((done) => this.server.close(() => done()));
  }

  private async addRecipient(session: SMTPServerSession, address: string): Promise<void> {
    const recipients = this.recipients.get(session) ?? (new Map() as Recipients);
    if (session.envelope.rcptTo.length >= MAX_RECIPIENTS) {
      throw reply(452, '4.5.3 Too many recipients');
    }
    const account = await this.intake.accountOf(address.toLowerCase());
    if (!account) {
      throw reply(550, '5.1.1 There is nobody of that address');
    }
    const key = `${account.clientId} ${account.id}`;
    const known = recipients.get(key);
    recipients.set(key, { account, addresses: [...(known?.addresses ?? []), address.toLowerCase()] });
    this.recipients.set(session, recipients);
  }

  private async take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const raw = await this.read(stream);
    if (hopsOf(raw) > MAX_HOPS) {
      throw reply(554, '5.4.6 It went through too many servers');
    }
    const { mailFrom } = session.envelope;
    const envelopeFrom = mailFrom === false ? '' : mailFrom.address;
    for (const { account, addresses } of this.recipients.get(session)?.values() ?? []) {
      await this.intake.accept(account, { raw, envelopeFrom, envelopeTo: addresses });
    }
  }

  /** To its end, whatever it is: only then the sender hears what became of it. */
  private async read(stream: SMTPServerDataStream): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    let isTooMuch = false;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        isTooMuch ||= this.bytesUnderWay + chunk.length > MAX_BYTES_UNDER_WAY;
        if (!isTooMuch && length + chunk.length <= this.maxBytes) {
          chunks.push(chunk);
          length += chunk.length;
          this.bytesUnderWay += chunk.length;
        }
      }
    } catch {
      throw reply(451, '4.4.2 It broke off');
    } finally {
      this.bytesUnderWay -= length;
    }
    if (stream.sizeExceeded) {
      throw reply(552, `5.3.4 A mail has at most ${this.maxBytes} bytes`);
    }
    if (isTooMuch) {
      throw new IntakeBusy();
    }
    return Buffer.concat(chunks);
  }

  private replyTo(error: unknown): Error {
    if (error instanceof Reply) {
      return error;
    }
    if (!(error instanceof IntakeBusy)) {
      this.logger.error(error);
    }
    return reply(451, '4.3.2 Not now: try again later');
  }
}

/** What the other server is told: smtp-server looks for the code there. */
class Reply extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

function reply(code: number, message: string): Reply {
  return new Reply(code, message);
}
