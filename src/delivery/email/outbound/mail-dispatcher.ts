import { Injectable, Logger } from '@nestjs/common';
import { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { AccountSecrets, type AccountSecret } from '../accounts/account-secrets.js';
import { renderMail } from '../composing/render-mail.js';
import { SmtpClient, type RawMail } from '../smtp/smtp-client.js';
import type { SmtpOutcome } from '../smtp/smtp-outcome.js';
import { EmailDeliveriesRepository, type DueDelivery, type QueuedMail } from './email-deliveries.repository.js';
import { MailWriter, TooLarge } from './mail-writer.js';
import { nextMailInSeconds } from './waits.js';

/** Until a mail of which nobody knows whether it went is handed in once more. */
const DOUBT_SECONDS = 60;
/** How long a server that says it can serve nobody now is left alone. */
const PAUSE_SECONDS = 300;
/** The replies of such a server; others say that the account is not let in, and somebody has to change that. */
const FOR_A_WHILE = ['421', '454'];

/** Hands mails to the servers of their accounts, and writes down what came of it. */
@Injectable()
export class MailDispatcher {
  private readonly logger = new Logger('OutboundEmail');

  constructor(
    private readonly mails: EmailDeliveriesRepository,
    private readonly secrets: AccountSecrets,
    private readonly writer: MailWriter,
    private readonly policy: OutboundPolicy,
    private readonly smtp: SmtpClient,
  ) {}

  /** @throws Error where what came of it can't be written down: then it is looked at again when its lease ends */
  async send(due: DueDelivery): Promise<void> {
    const tenant = { clientId: due.clientId, livemode: due.livemode };
    if (!(await this.mails.submit(tenant, due))) {
      return;
    }
    const mail = await this.mails.find(tenant, due.id);
    if (mail) {
      await this.settle(tenant, due, mail, await this.handIn(tenant, due, mail));
    }
  }

  private async handIn(tenant: Tenant, { id }: DueDelivery, mail: QueuedMail): Promise<SmtpOutcome> {
    const secret = await this.secretOf(tenant, mail);
    if (!secret) {
      const errorText = 'Its settings can not be read: they have to be set again';
      return { kind: 'account', errorCode: 'provider_auth', errorText };
    }
    const raw = await this.render(tenant, id, mail, secret);
    if ('kind' in raw) {
      return raw;
    }
    const { host, port, secure, username } = mail;
    const server = { host, port, secure, username, password: secret.password };
    return this.smtp.send(server, this.policy.rulesFor(tenant), raw);
  }

  private async secretOf(tenant: Tenant, { accountId, secret }: QueuedMail): Promise<AccountSecret | null> {
    try {
      return await this.secrets.open(tenant, accountId, secret);
    } catch (error) {
      this.logger.error(error);
      return null;
    }
  }

  /** Its server was not called yet, so whatever goes wrong may be tried again. */
  private async render(
    tenant: Tenant,
    id: string,
    mail: QueuedMail,
    secret: AccountSecret,
  ): Promise<RawMail | SmtpOutcome> {
    try {
      return await renderMail(await this.writer.write(tenant, id, mail, secret));
    } catch (error) {
      if (error instanceof TooLarge) {
        return { kind: 'refused', errorCode: 'media_failed', errorText: error.message };
      }
      this.logger.error(error);
      return { kind: 'later', retryAfter: null, errorCode: 'media_failed', errorText: 'It could not be composed' };
    }
  }

  private async settle(tenant: Tenant, due: DueDelivery, mail: QueuedMail, outcome: SmtpOutcome): Promise<void> {
    switch (outcome.kind) {
      case 'accepted':
        return this.mails.sent(tenant, due.id);
      case 'refused':
        return this.mails.fail(tenant, due.id, outcome);
      case 'later': {
        const seconds = nextMailInSeconds(due.tries, Math.random());
        return seconds === null
          ? this.mails.fail(tenant, due.id, outcome)
          : this.mails.again(tenant, due, seconds, outcome);
      }
      case 'unknown':
        return this.mails.doubt(tenant, due, DOUBT_SECONDS, outcome.why);
      case 'account': {
        const isForAWhile = FOR_A_WHILE.includes(outcome.providerCode ?? '');
        const why = outcome.errorText ?? outcome.errorCode;
        return this.mails.pause(tenant, due, mail, why, isForAWhile ? PAUSE_SECONDS : null);
      }
    }
  }
}
