import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import { hashOf } from '../messages/email-messages.repository.js';
import { bounceClass, type BounceReport, type FailedRecipient } from '../reading/bounce-report.js';
import type { ReadMail } from '../reading/read-mail.js';
import { MailAddresses } from '../threads/mail-addresses.js';
import { BulkMails } from './bulk-mails.js';
import { DELAY, FIND_BOUNCED, RETURN, SUPPRESS } from './bounces.sql.js';
import type { DueMail } from './inbound-emails.repository.js';

/** So many within thirty days, and nothing more is sent unasked, even if none says that there is nobody. */
const MOST_RETURNED = 3;

interface Bounced {
  readonly id: string;
  /** In lower case. */
  readonly recipients: readonly string[];
}

/** What mail servers say became of mails of ours, where it can be known that it is of one. */
@Injectable()
export class Bounces extends TenantRepository {
  constructor(
    database: Database,
    private readonly addresses: MailAddresses,
    private readonly bulk: BulkMails,
  ) {
    super(database);
  }

  /**
   * A report counts where it came to the address that only the server of that mail's recipient was told, or knows the mail's
   * Message-ID.
   * @returns whether it was one of a mail of ours
   */
  async note(tenant: Tenant, due: DueMail, mail: ReadMail): Promise<boolean> {
    if (!mail.bounce) {
      return false;
    }
    const { to, deliveredTo } = mail;
    const addresses = [...due.envelopeTo, ...deliveredTo, ...to.map(({ address }) => address)];
    const id = (await this.addresses.tokens()).deliveryIn(tenant.clientId, addresses);
    const bounced = await this.find(tenant, due, id, mail.bounce);
    if (!bounced) {
      return this.bulk.returned(tenant, due, id, mail.bounce);
    }
    await this.transaction(tenant, async () => {
      for (const recipient of mail.bounce!.recipients) {
        await this.noteOne(tenant, bounced, recipient);
      }
    });
    return true;
  }

  private async find(
    tenant: Tenant,
    { accountId }: DueMail,
    id: string | null,
    { originalMessageId }: BounceReport,
  ): Promise<Bounced | null> {
    const sha256 = originalMessageId === null ? null : hashOf(originalMessageId);
    return (await this.row<Bounced & Record<string, unknown>>(tenant, FIND_BOUNCED, accountId, id, sha256)) ?? null;
  }

  private async noteOne(tenant: Tenant, { id, recipients }: Bounced, failed: FailedRecipient): Promise<void> {
    const { status, diagnostic } = failed;
    const kind = bounceClass(failed);
    if (kind === 'delayed') {
      await this.row(tenant, DELAY, id, status, diagnostic);
    }
    if (kind !== 'gone' && kind !== 'failed') {
      return;
    }
    const code = kind === 'gone' ? 'unreachable' : 'undelivered';
    const isNew = (await this.row(tenant, RETURN, id, code, status, diagnostic)) !== undefined;
    const address = recipientOf(recipients, failed.address);
    if (address !== null && (kind === 'gone' || isNew)) {
      await this.row(tenant, SUPPRESS, uuidv7(), address, id, kind === 'gone' ? 0 : MOST_RETURNED);
    }
  }
}

/** One that was forwarded may be named by an address that we never wrote to. */
function recipientOf(recipients: readonly string[], said: string | null): string | null {
  const known = recipients.find((address) => address === said?.toLowerCase());
  return known ?? (recipients.length === 1 ? recipients[0]! : null);
}
