import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { Config } from '../../config.js';
import { SECOND_MS } from '../common/durations.js';
import { ReasonedRefusal } from '../common/errors/reasons.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export type MailSettings = Pick<Config, 'production' | 'smtpUrl' | 'mailFrom' | 'publicUrl'>;

/** A server that says nothing must not hold up the mails behind this one. */
const TIMEOUTS = {
  connectionTimeout: 10 * SECOND_MS,
  greetingTimeout: 10 * SECOND_MS,
  socketTimeout: 30 * SECOND_MS,
} as const;

/** Where somebody has to set SMTP_URL first. */
const RETRY_AFTER_SECONDS = 60;

/** Mail goes to SMTP_URL. Without it, it is shown in the log while this is tried out, and in production there is none. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly logger = new Logger('Mail');
  private readonly smtp: Transporter | null;
  private readonly from: string;

  constructor(@Inject(Config) private readonly settings: MailSettings) {
    const { smtpUrl, mailFrom, publicUrl } = settings;
    // What a mail says comes from strangers: it must not name a file of ours to attach.
    const transport = { url: smtpUrl, ...TIMEOUTS, disableFileAccess: true, disableUrlAccess: true };
    this.smtp = smtpUrl === undefined ? null : createTransport(transport);
    this.from =
      mailFrom ?? `Parlance <no-reply@${publicUrl === undefined ? 'localhost' : new URL(publicUrl).hostname}>`;
  }

  onApplicationShutdown(): void {
    this.smtp?.close();
  }

  /** Whether an address has to prove itself before it counts: where mail is meant to arrive. */
  get isSerious(): boolean {
    return this.settings.production || this.smtp !== null;
  }

  /** @throws Refusal 503 where no mail can ever be sent */
  mustBeConfigured(): void {
    if (this.settings.production && this.smtp === null) {
      throw new ReasonedRefusal('mail_not_configured', 'This server sends no mail: SMTP_URL is not set.', {
        retryAfter: RETRY_AFTER_SECONDS,
      });
    }
  }

  /** Whether the mail server is there, and takes the name and password. @throws whatever it says */
  async verify(): Promise<void> {
    await this.smtp?.verify();
  }

  /** @throws whatever the mail server says */
  async send({ to, subject, text }: Mail): Promise<void> {
    this.mustBeConfigured();
    if (this.smtp) {
      // As an object: a text would be parsed, and could be several.
      await this.smtp.sendMail({ from: this.from, to: { name: '', address: to }, subject, text });
    } else {
      this.logger.warn(`To ${to}: ${subject}\n${text}`);
    }
  }
}
