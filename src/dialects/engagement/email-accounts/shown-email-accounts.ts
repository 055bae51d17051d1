import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../../config.js';
import { EmailAccountsService, type AccountRow } from '../../../delivery/email/accounts/email-accounts.service.js';
import { MailAddresses } from '../../../delivery/email/threads/mail-addresses.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { EmailAccountDto } from './email-account.dto.js';
import type { ImapDto } from './imap.dto.js';
import { INBOUND_PATH } from './inbound-email.controller.js';

/** Accounts as they are shown: how mails come in, and nothing else that is secret. */
@Injectable()
export class ShownEmailAccounts {
  constructor(
    private readonly accounts: EmailAccountsService,
    private readonly addresses: MailAddresses,
    @Inject(Config) private readonly settings: Pick<Config, 'publicUrl' | 'port'>,
  ) {}

  async of(tenant: Tenant, account: AccountRow): Promise<EmailAccountDto> {
    const { id, number, name, email, fromName, isDefault, host, port, secure, username, ...rest } = account;
    const { dkimDomain, dkimSelector, imap, ratePerMinute, inboundName, status, lastError } = rest;
    return {
      ...{ id: number, uuid: id, name, email, from_name: fromName, is_default: isDefault },
      smtp: { host, port, secure, username },
      dkim: dkimDomain === null || dkimSelector === null ? null : { domain: dkimDomain, selector: dkimSelector },
      imap: imap && shownMailbox(imap),
      rate_per_minute: ratePerMinute,
      inbound: { address: this.addresses.inboundOf(inboundName), url: await this.urlOf(tenant, account) },
      ...{ status, last_error: lastError },
    };
  }

  private async urlOf(tenant: Tenant, account: AccountRow): Promise<string | null> {
    const secrets = await this.accounts.secretsOf(tenant, account).catch(() => null);
    const { publicUrl, port } = this.settings;
    return secrets && `${publicUrl ?? `http://localhost:${port}`}/${INBOUND_PATH}/${secrets.inboundToken}`;
  }
}

function shownMailbox({ lastError, ...mailbox }: NonNullable<AccountRow['imap']>): ImapDto {
  return { ...mailbox, last_error: lastError };
}
