import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { EmailAccountsService } from '../accounts/email-accounts.service.js';
import { MailFiles } from '../messages/mail-files.js';
import { MailAddresses } from '../threads/mail-addresses.js';
import { notFound } from '../../../platform/common/errors/refusal.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { InboundEmailsRepository, type FailedMail } from './inbound-emails.repository.js';
import type { ArrivedMail, InboundAccount, MailIntake } from './mail-intake.js';

/** Thirty days: as long as one that was not understood can be tried again. */
const UNSENT_HOURS = 30 * 24;
const MOST_FAILED = 100;
const nothing = (): Promise<void> => Promise.resolve();

/** Keeps mails as they come, to be understood afterwards. */
@Injectable()
export class InboundEmailsService implements MailIntake {
  constructor(
    private readonly accounts: EmailAccountsService,
    private readonly addresses: MailAddresses,
    private readonly files: MailFiles,
    private readonly mails: InboundEmailsRepository,
    private readonly database: Database,
  ) {}

  async accountOf(address: string): Promise<InboundAccount | null> {
    const name = this.addresses.nameIn(address);
    return name === null ? null : this.accounts.findByInboundName(name);
  }

  /** @param alongside what else is of its transaction @throws Refusal 422 where the client has no room for it, 503 */
  async accept(account: InboundAccount, mail: ArrivedMail, alongside = nothing): Promise<void> {
    const { raw, envelopeFrom, envelopeTo } = mail;
    const about = { mimeType: 'message/rfc822', name: 'mail.eml', unsentHours: UNSENT_HOURS };
    const { id: fileId } = await this.files.keep(account, raw, about);
    const row = { id: uuidv7(), accountId: account.id, fileId, envelopeFrom, envelopeTo, error: null };
    await this.database.transaction(account, async () => {
      await alongside();
      await this.mails.insert(account, row);
    });
  }

  /** That there is a mail which is not taken, and why. @param alongside as above */
  async refuse(account: InboundAccount, error: string, alongside: () => Promise<void>): Promise<void> {
    const row = { id: uuidv7(), accountId: account.id, fileId: null, envelopeFrom: null, envelopeTo: [], error };
    await this.database.transaction(account, async () => {
      await alongside();
      await this.mails.insert(account, row);
    });
  }

  /** The newest hundred of which nothing came. */
  listFailed(tenant: Tenant, accountId: string): Promise<FailedMail[]> {
    return this.mails.listFailed(tenant, accountId, MOST_FAILED);
  }

  /** @throws Refusal 404 */
  async retry(tenant: Tenant, accountId: string, id: string): Promise<void> {
    if (!(await this.mails.retry(tenant, accountId, id))) {
      throw notFound('inbound_email');
    }
  }
}
