import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { isUuid } from '../../../platform/common/ids/type-id.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import { bounceClass, type BounceReport } from '../reading/bounce-report.js';
import type { ReadMail } from '../reading/read-mail.js';
import { MailAddresses } from '../threads/mail-addresses.js';
import { ANSWER_BULK, RETURN_BULK, UNSUBSCRIBE_BULK } from './bulk-mails.sql.js';
import type { DueMail } from './inbound-emails.repository.js';

/**
 * What comes back of mails that went to many. They are no messages: the module above keeps a row of each recipient, whose id
 * stands in its tokens and in its Message-ID, so that nobody knows it who did not get the mail.
 */
@Injectable()
export class BulkMails extends TenantRepository {
  constructor(
    database: Database,
    private readonly addresses: MailAddresses,
  ) {
    super(database);
  }

  /** @param id of the token it came to; null: none. @returns whether it was one of a mail to many */
  async returned(
    tenant: Tenant,
    due: DueMail,
    id: string | null,
    { recipients, originalMessageId }: BounceReport,
  ): Promise<boolean> {
    const recipientId = id ?? idsIn([originalMessageId ?? ''])[0];
    const failed = recipients.find((one) => bounceClass(one) !== 'none');
    if (recipientId === undefined || !failed) {
      return false;
    }
    const said = failed.diagnostic ?? failed.status ?? '';
    const noted = await this.row<{ known: boolean }>(
      ...([tenant, RETURN_BULK, due.id, recipientId, bounceClass(failed), said, uuidv7()] as const),
    );
    return noted?.known ?? false;
  }

  /** @returns whether it came to an address that says so; what it says does not matter */
  async unsubscribed(
    tenant: Tenant,
    { id: mailId, envelopeTo }: DueMail,
    { to, deliveredTo }: ReadMail,
  ): Promise<boolean> {
    const addresses = [...envelopeTo, ...deliveredTo, ...to.map(({ address }) => address)];
    const id = (await this.addresses.tokens()).unsubscriberIn(tenant.clientId, addresses);
    if (id !== null) {
      await this.row(tenant, UNSUBSCRIBE_BULK, mailId, id, uuidv7());
    }
    return id !== null;
  }

  /**
   * In the transaction of the message, behind it.
   * @param begunId the channel that begins with it; null: it goes on in another
   */
  async answered(
    tenant: Tenant,
    due: DueMail,
    { follows, automatic }: ReadMail,
    by: string,
    begunId: string | null,
  ): Promise<void> {
    const ids = idsIn(follows);
    if (ids.length > 0) {
      await this.row(tenant, ANSWER_BULK, due.id, ids, by, begunId, automatic === 'none');
    }
  }
}

/** Those that may be ids of recipients, in their order. */
function idsIn(messageIds: readonly string[]): string[] {
  return messageIds.map((one) => one.split('@', 1)[0]!.toLowerCase()).filter(isUuid);
}
