import { Injectable } from '@nestjs/common';
import { refValues, type ObjectRef } from '../../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import type { ImapMailbox } from '../imap/imap-mailbox.entity.js';
import type { ImapPlace } from '../imap/imap-mailboxes.repository.js';
import type { InboundAccount } from '../inbound/mail-intake.js';
import type { EmailAccount } from './email-account.entity.js';
import * as SQL from './email-accounts.sql.js';

type Settings = Pick<
  EmailAccount,
  'fromName' | 'host' | 'port' | 'secure' | 'username' | 'dkimDomain' | 'dkimSelector' | 'ratePerMinute'
>;

/** `id` is the customer's that its address is. */
export interface AccountRow extends Settings, Pick<EmailAccount, 'inboundName' | 'secret' | 'status' | 'lastError'> {
  readonly id: string;
  readonly number: number;
  readonly email: string;
  readonly name: string | null;
  readonly isDefault: boolean;
  /** Where its mails are read; null: nowhere. */
  readonly imap: (ImapPlace & Pick<ImapMailbox, 'status' | 'lastError'>) | null;
}

type NewRow = Settings & Pick<EmailAccount, 'secret' | 'inboundTokenSha256'>;

@Injectable()
export class EmailAccountsRepository extends TenantRepository {
  constructor(private readonly all: Database) {
    super(all);
  }

  async lock(tenant: Tenant): Promise<void> {
    await this.row(tenant, SQL.LOCK);
  }

  /** False where the client has the address already. */
  async insertAddress(tenant: Tenant, id: string, email: string, name: string | null): Promise<boolean> {
    return (await this.row(tenant, SQL.CREATE_ADDRESS, id, email, name)) !== undefined;
  }

  async insert(tenant: Tenant, id: string, row: NewRow & Pick<EmailAccount, 'inboundName'>): Promise<void> {
    await this.row(tenant, SQL.CREATE, id, ...valuesOf(row), row.inboundName);
  }

  async update(tenant: Tenant, id: string, row: NewRow): Promise<void> {
    await this.row(tenant, SQL.UPDATE, id, ...valuesOf(row));
  }

  async rename(tenant: Tenant, id: string, name: string | null): Promise<void> {
    await this.row(tenant, SQL.RENAME, id, name);
  }

  async makeDefault(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, SQL.LOSE_DEFAULT, id);
    await this.row(tenant, SQL.MAKE_DEFAULT, id);
  }

  async close(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, SQL.CLOSE, id);
    await this.row(tenant, SQL.CHOOSE_DEFAULT);
  }

  async count(tenant: Tenant): Promise<number> {
    return (await this.row<{ total: number }>(tenant, SQL.COUNT))!.total;
  }

  async find(tenant: Tenant, ref: ObjectRef): Promise<AccountRow | null> {
    return (await this.row<AccountRow & Record<string, unknown>>(tenant, SQL.FIND, ...refValues(ref))) ?? null;
  }

  list(tenant: Tenant): Promise<AccountRow[]> {
    return this.rows<AccountRow & Record<string, unknown>>(tenant, SQL.LIST);
  }

  async findByToken(sha256: Buffer): Promise<InboundAccount | null> {
    const rows = await this.all.acrossTenants<InboundAccount & Record<string, unknown>>(SQL.FIND_BY_TOKEN, [sha256]);
    return rows[0] ?? null;
  }

  async findByInboundName(name: string): Promise<InboundAccount | null> {
    const rows = await this.all.acrossTenants<InboundAccount & Record<string, unknown>>(SQL.FIND_BY_INBOUND_NAME, [
      name,
    ]);
    return rows[0] ?? null;
  }
}

function valuesOf(row: NewRow): unknown[] {
  const { fromName, host, port, secure, username, secret, dkimDomain, dkimSelector, ratePerMinute } = row;
  const values = [fromName, host, port, secure, username, secret, dkimDomain, dkimSelector, ratePerMinute];
  return [...values, row.inboundTokenSha256];
}
