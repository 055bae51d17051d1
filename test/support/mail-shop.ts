import type { EmailAccountsService } from '../../src/delivery/email/accounts/email-accounts.service.js';
import type { InboundEmailsService } from '../../src/delivery/email/inbound/inbound-emails.service.js';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { accepted, type TestClient } from './given.js';
import type { MailServer } from './mail-server.js';
import { tenantOf } from './phones.js';
import type { TestServer } from './server.js';
import { sql } from './sql.js';
import { until } from './until.js';

export const SUPPORT = 'support@shop.example';
export const LOGIN = { username: SUPPORT, password: 'correct horse' };
export const ANNA = 'anna@example.org';
export const FIRST = `To: ${SUPPORT}
From: Anna <${ANNA}>
Message-ID: <a2@example.org>
References: <a0@example.org> <a1@example.org>
Subject: Order

Where is it?
`;

export type Sent = {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly tries: number;
  readonly doubts: number;
  readonly errorCode: string | null;
  readonly isParked: boolean;
};

/** A client with one e-mail account, whose mails go out by `mails`. */
export class MailShop {
  accountId = '';
  channelId = '';

  constructor(
    private readonly server: TestServer,
    readonly client: TestClient,
    readonly mails: MailServer,
  ) {}

  /** An account, and a first mail to it. */
  async begin(smtp: object = {}, more: object = {}): Promise<void> {
    await this.open(smtp, more);
    this.channelId = await this.hear(FIRST);
  }

  async open(smtp: object = {}, more: object = {}): Promise<void> {
    const { port } = new URL(await this.mails.start());
    const account = {
      ...{ email: SUPPORT, name: null, fromName: 'Shop', dkim: null, ratePerMinute: 6000 },
      smtp: { host: '127.0.0.1', port: Number(port), secure: false, ...LOGIN, ...smtp },
      ...more,
    };
    const accounts = this.server.get<EmailAccountsService>('EmailAccountsService');
    this.accountId = (await accounts.create(tenantOf(this.client), account)).id;
  }

  /** A mail comes in. @returns the channel it is a message of */
  async hear(mail: string): Promise<string> {
    const before = await this.heard();
    await this.accept(mail, null);
    const [newest] = await until(async () => {
      const now = await this.heard();
      return now.length > before.length ? now : null;
    }, 30);
    return newest!.channelId;
  }

  /** A mail comes in, whatever becomes of it: waits until nothing is left to be understood. */
  async bring(mail: string, envelopeFrom: string | null = ''): Promise<void> {
    await this.accept(mail, envelopeFrom);
    await until(async () => {
      const [{ n } = { n: 1 }] = await sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM inbound_emails WHERE client_id = $1 AND state = 'pending'`,
        this.client.uuid,
      );
      return n === 0;
    }, 30);
  }

  heard(): Promise<{ channelId: string }[]> {
    return sql(
      `SELECT channel_id AS "channelId" FROM email_messages WHERE client_id = $1 AND direction = 'inbound'
       ORDER BY created_at DESC`,
      this.client.uuid,
    );
  }

  async say(content = 'On its way.'): Promise<string> {
    const [channel_uuid, sender_uuid] = [formatId('channel', this.channelId), formatId('customer', this.accountId)];
    const { body } = accepted(
      await this.client.send('POST', '/api/v1/messages', { channel_uuid, sender_uuid, type: 'text', content }),
    );
    return parseId('message', body.id as string)!;
  }

  sent(): Promise<Sent[]> {
    return sql<Sent>(
      `SELECT id, status, attempts, tries, doubts, error_code AS "errorCode", next_attempt_at = 'infinity' AS "isParked"
       FROM email_deliveries WHERE client_id = $1 ORDER BY created_at, id`,
      this.client.uuid,
    );
  }

  /** The only one, once it is so. */
  becomes(wanted: Partial<Sent>): Promise<Sent> {
    return until(async () => {
      const [one] = await this.sent();
      return one && Object.entries(wanted).every(([key, value]) => one[key as keyof Sent] === value) ? one : null;
    }, 30);
  }

  /** Says a mail, and answers where it would come back to, and its Message-ID. */
  async saySent(): Promise<{ to: string; id: string }> {
    const id = await this.say();
    const { from } = await until(() => this.mails.received.find(({ headers }) => headers.includes(id)));
    await until(async () => (await this.sent()).every(({ status }) => status !== 'sending'), 30);
    return { to: from, id: `${id}@shop.example` };
  }

  /** What is to be done again is due; what is under way was taken for five minutes. */
  hurry(): Promise<unknown> {
    return sql(
      `UPDATE email_deliveries SET next_attempt_at = now()
       WHERE client_id = $1 AND next_attempt_at BETWEEN now() AND now() + interval '200 seconds'`,
      this.client.uuid,
    );
  }

  /** Once it is kept. */
  accept(mail: string, envelopeFrom: string | null): Promise<void> {
    const raw = Buffer.from(mail.replace(/\r?\n/g, '\r\n'));
    const account = { ...tenantOf(this.client), id: this.accountId };
    return this.server
      .get<InboundEmailsService>('InboundEmailsService')
      .accept(account, { raw, envelopeFrom, envelopeTo: [] });
  }
}
