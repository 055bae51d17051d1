import { Injectable } from '@nestjs/common';
import { MessagesService } from '../../../messages/messages.service.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { EmailAccountsRepository } from '../accounts/email-accounts.repository.js';
import { EmailMessagesRepository, type NewEmailMessage } from '../messages/email-messages.repository.js';

/**
 * Mails from addresses of the client itself that were written elsewhere, as in the program that somebody reads mails with. In
 * the conversation that they go on with they are what the account says; nothing is sent, as they were.
 */
@Injectable()
export class OwnMails {
  constructor(
    private readonly accounts: EmailAccountsRepository,
    private readonly mails: EmailMessagesRepository,
    private readonly messages: MessagesService,
    private readonly database: Database,
  ) {}

  /** @param keep what else belongs to it, in its transaction */
  async file(
    tenant: Tenant,
    said: Parameters<MessagesService['prepare']>[1],
    mail: NewEmailMessage,
    keep: () => Promise<unknown>,
  ): Promise<void> {
    const prepared = await this.messages.prepare(tenant, said, null);
    await this.database.transaction(tenant, async () => {
      // It may come by several roads, and nothing else holds those that go out apart.
      await this.accounts.lock(tenant);
      if (await this.mails.isKnown(tenant, mail.accountId, mail.messageIdSha256, true)) {
        return;
      }
      await this.mails.insert(tenant, mail);
      await this.messages.write(tenant, prepared);
      await keep();
    });
  }
}
