import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { now } from '../../../platform/common/clock.js';
import { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { renderMail } from '../composing/render-mail.js';
import { SmtpClient, type RawMail } from '../smtp/smtp-client.js';
import type { SmtpOutcome } from '../smtp/smtp-outcome.js';
import { MailAddresses } from '../threads/mail-addresses.js';
import { ImapMailboxesRepository } from '../imap/imap-mailboxes.repository.js';
import type { AccountSecret } from './account-secrets.js';
import { EmailAccountsService, type AccountRow } from './email-accounts.service.js';

/** Tries accounts out as they are now. */
@Injectable()
export class AccountTrials {
  constructor(
    private readonly accounts: EmailAccountsService,
    private readonly mailboxes: ImapMailboxesRepository,
    private readonly addresses: MailAddresses,
    private readonly policy: OutboundPolicy,
    private readonly smtp: SmtpClient,
  ) {}

  /**
   * Where it works, what waited for it goes on.
   * @param to who is mailed; null: it is only logged in
   * @returns what is wrong; null: nothing is
   */
  async try(tenant: Tenant, account: AccountRow, to: string | null): Promise<string | null> {
    const { host, port, secure, username } = account;
    const secret = await this.accounts.secretsOf(tenant, account).catch(() => null);
    if (!secret) {
      return 'Its settings can not be read: they have to be set again';
    }
    const server = { host, port, secure, username, password: secret.password };
    const rules = this.policy.rulesFor(tenant);
    const outcome = await (to === null
      ? this.smtp.logIn(server, rules)
      : this.smtp.send(server, rules, await this.mail(tenant, account, to)));
    if (outcome.kind === 'accepted') {
      await this.accounts.resume(tenant, account.id);
    }
    return problemIn(outcome) ?? (await this.tryMailbox(tenant, account, secret));
  }

  /** Where it can be read, that goes on too. */
  private async tryMailbox(tenant: Tenant, { id, imap }: AccountRow, secret: AccountSecret): Promise<string | null> {
    if (!imap) {
      return null;
    }
    const { ImapSession } = await import('../imap/imap-session.js');
    const server = { ...imap, password: secret.imapPassword ?? '' };
    const trial = new AbortController();
    try {
      await ImapSession.open(server, this.policy.rulesFor(tenant), this.policy.resolve, trial.signal);
    } catch (error) {
      return `IMAP: ${(error as Error).message}`;
    } finally {
      trial.abort();
    }
    await this.mailboxes.hurry(tenant, id);
    return null;
  }

  private async mail(tenant: Tenant, { email, fromName }: AccountRow, address: string): Promise<RawMail> {
    const tokens = await this.addresses.tokens();
    return renderMail({
      messageId: `${uuidv7()}@${email.slice(email.lastIndexOf('@') + 1)}`,
      ...{ inReplyTo: null, references: [], replyTo: null, bounceTo: null, dkim: null, html: null },
      ...{ cc: [], bcc: [], attachments: [], date: now(), automatic: 'generated' },
      from: { address: email, name: fromName },
      to: [{ address, name: '' }],
      subject: `Mails of ${email} work`,
      text: `This mail was sent to try ${email} out. It works.`,
      loopMark: tokens.loopMark(tenant.clientId),
    });
  }
}

function problemIn(outcome: SmtpOutcome): string | null {
  switch (outcome.kind) {
    case 'accepted':
      return null;
    case 'unknown':
      return outcome.why;
    default:
      return outcome.errorText ?? outcome.errorCode;
  }
}
