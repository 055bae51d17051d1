import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CustomersService } from '../../../customers/customers.service.js';
import { invalid, notFound, Refusal } from '../../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { problemOfHost } from '../../../platform/common/outbound/dial.js';
import { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { ImapMailboxesRepository } from '../imap/imap-mailboxes.repository.js';
import { IMAP_PORTS, type ImapServer } from '../imap/imap-server.js';
import type { InboundAccount } from '../inbound/mail-intake.js';
import { EmailDeliveriesRepository } from '../outbound/email-deliveries.repository.js';
import { SMTP_PORTS, type SmtpServer } from '../smtp/smtp-client.js';
import { MailAddresses } from '../threads/mail-addresses.js';
import { AccountSecrets, type AccountSecret } from './account-secrets.js';
import { EmailAccountsRepository, type AccountRow } from './email-accounts.repository.js';

export type { AccountRow };

interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  readonly privateKey: string;
}

export interface NewEmailAccount {
  /** Trimmed and lower-case. */
  readonly email: string;
  readonly name: string | null;
  readonly fromName: string;
  readonly isDefault?: boolean;
  readonly smtp: SmtpServer;
  readonly dkim: DkimKey | null;
  readonly ratePerMinute: number;
  /** Where its mails are read; null: nowhere. */
  readonly imap?: ImapServer | null;
}

/** What is absent stays as it is. A secret that is absent is the one there is, and goes nowhere else than before. */
export interface EmailAccountChange extends Partial<
  Pick<NewEmailAccount, 'name' | 'fromName' | 'isDefault' | 'ratePerMinute'>
> {
  readonly smtp?: Omit<SmtpServer, 'password'> & { readonly password?: string | null };
  readonly dkim?: (Omit<DkimKey, 'privateKey'> & { readonly privateKey?: string }) | null;
  readonly imap?: (Omit<ImapServer, 'password'> & { readonly password?: string }) | null;
}

const PORTS = { smtp: SMTP_PORTS, imap: IMAP_PORTS };
const MAX_ACCOUNTS = 100;
const TOKEN_BYTES = 32;
/** Of the name in its inbound address, in hexadecimal: short, for tokens stand behind it. */
const NAME_BYTES = 8;

@Injectable()
export class EmailAccountsService {
  constructor(
    private readonly accounts: EmailAccountsRepository,
    private readonly deliveries: EmailDeliveriesRepository,
    private readonly mailboxes: ImapMailboxesRepository,
    private readonly secrets: AccountSecrets,
    private readonly customers: CustomersService,
    private readonly addresses: MailAddresses,
    private readonly policy: OutboundPolicy,
    private readonly database: Database,
  ) {}

  /**
   * @throws InvalidInput on `email`, `smtp` or `imap`, Refusal 409 where there are too many, 503 where this installation keeps no
   * secrets
   */
  async create(tenant: Tenant, account: NewEmailAccount): Promise<AccountRow> {
    const { email, name, smtp, dkim, imap = null, isDefault } = account;
    this.check(tenant, { smtp, imap });
    // Without what signs its addresses, nothing would go out.
    await this.addresses.tokens();
    const inboundToken = newToken();
    return this.database.transaction(tenant, async () => {
      await this.accounts.lock(tenant);
      if ((await this.accounts.count(tenant)) >= MAX_ACCOUNTS) {
        throw new Refusal('limit_reached', `A workspace may not have more than ${MAX_ACCOUNTS} email accounts`);
      }
      const { id } = await this.customers.createAddress(tenant, name ?? email);
      if (!(await this.accounts.insertAddress(tenant, id, email, name))) {
        throw invalid('email', 'This workspace has this address already.');
      }
      const dkimPrivateKey = dkim?.privateKey ?? null;
      const secret = { password: smtp.password, dkimPrivateKey, imapPassword: imap?.password ?? null, inboundToken };
      const row = await this.rowOf(tenant, id, { ...account, ...smtp, ...dkimColumns(dkim) }, secret);
      await this.accounts.insert(tenant, id, { ...row, inboundName: randomBytes(NAME_BYTES).toString('hex') });
      if (imap) {
        await this.mailboxes.set(tenant, id, imap);
      }
      if (isDefault) {
        await this.accounts.makeDefault(tenant, id);
      }
      return this.get(tenant, id);
    });
  }

  /** What waited for it goes on, as it is then. @throws Refusal 404, 503, or InvalidInput on `smtp`, `dkim` or `imap` */
  async update(tenant: Tenant, ref: ObjectRef, change: EmailAccountChange): Promise<AccountRow> {
    const { smtp, dkim, imap, name, isDefault } = change;
    this.check(tenant, { smtp, imap });
    const { id } = await this.get(tenant, ref);
    await this.database.transaction(tenant, async () => {
      await this.accounts.lock(tenant);
      const was = await this.get(tenant, id);
      const secret = changedSecret(await this.secrets.open(tenant, id, was.secret), was, change);
      const { fromName = was.fromName, ratePerMinute = was.ratePerMinute } = change;
      const columns = { ...was, ...smtp, ...(dkim === undefined ? {} : dkimColumns(dkim)), fromName, ratePerMinute };
      await this.accounts.update(tenant, id, await this.rowOf(tenant, id, columns, secret));
      if (imap !== undefined) {
        await (imap ? this.mailboxes.set(tenant, id, imap) : this.mailboxes.remove(tenant, id));
      }
      if (name !== undefined) {
        await this.accounts.rename(tenant, id, name);
      }
      if (isDefault) {
        await this.accounts.makeDefault(tenant, id);
      }
    });
    await this.resume(tenant, id);
    return this.get(tenant, id);
  }

  /** Nothing goes out by it any more, and nothing comes in. @throws Refusal 404 */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<void> {
    const { id } = await this.get(tenant, ref);
    await this.database.transaction(tenant, async () => {
      await this.accounts.lock(tenant);
      await this.accounts.close(tenant, id);
      await this.mailboxes.remove(tenant, id);
    });
    // So that what waited ends.
    await this.resume(tenant, id);
  }

  /** Mails come in by another token; the former ends. @throws Refusal 404, 503 */
  async renewToken(tenant: Tenant, ref: ObjectRef): Promise<AccountRow> {
    const { id } = await this.get(tenant, ref);
    return this.database.transaction(tenant, async () => {
      await this.accounts.lock(tenant);
      const was = await this.get(tenant, id);
      const secret = { ...(await this.secrets.open(tenant, id, was.secret)), inboundToken: newToken() };
      await this.accounts.update(tenant, id, await this.rowOf(tenant, id, was, secret));
      return this.get(tenant, id);
    });
  }

  /** It works: what waits for it goes on. */
  resume(tenant: Tenant, id: string): Promise<void> {
    return this.deliveries.resume(tenant, id);
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, ref: ObjectRef): Promise<AccountRow> {
    const account = await this.accounts.find(tenant, ref);
    if (!account) {
      throw notFound('email_account');
    }
    return account;
  }

  count(tenant: Tenant): Promise<number> {
    return this.accounts.count(tenant);
  }

  list(tenant: Tenant): Promise<AccountRow[]> {
    return this.accounts.list(tenant);
  }

  /** @throws Error where they can't be read */
  secretsOf(tenant: Tenant, { id, secret }: AccountRow): Promise<AccountSecret> {
    return this.secrets.open(tenant, id, secret);
  }

  findByToken(token: string): Promise<InboundAccount | null> {
    return this.accounts.findByToken(sha256(token));
  }

  findByInboundName(name: string): Promise<InboundAccount | null> {
    return this.accounts.findByInboundName(name);
  }

  private async rowOf(tenant: Tenant, id: string, columns: Columns, secret: AccountSecret) {
    const { fromName, host, port, secure, username, dkimDomain, dkimSelector, ratePerMinute } = columns;
    return {
      ...{ fromName, host, port, secure, username, dkimDomain, dkimSelector, ratePerMinute },
      secret: await this.secrets.seal(tenant, id, secret),
      inboundTokenSha256: sha256(secret.inboundToken),
    };
  }

  private check(tenant: Tenant, servers: { readonly [name in keyof typeof PORTS]?: Place | null | undefined }): void {
    const rules = this.policy.rulesFor(tenant);
    for (const name of ['smtp', 'imap'] as const) {
      const { host, port } = servers[name] ?? {};
      const problem = host === undefined ? null : problemOfHost(host, rules);
      if (problem !== null) {
        throw invalid(`${name}.host`, `The ${name}.host field ${problem}`);
      }
      // A server beside this one, as those of tests, listens where it can.
      if (port !== undefined && !rules.loopback && !PORTS[name].includes(port)) {
        throw invalid(`${name}.port`, `The ${name}.port field must be one of ${PORTS[name].join(', ')}.`);
      }
    }
  }
}

type Place = Pick<SmtpServer, 'host' | 'port'>;

type Columns = Pick<
  AccountRow,
  'fromName' | 'host' | 'port' | 'secure' | 'username' | 'dkimDomain' | 'dkimSelector' | 'ratePerMinute'
>;

function dkimColumns(dkim: Omit<DkimKey, 'privateKey'> | null): Pick<Columns, 'dkimDomain' | 'dkimSelector'> {
  return { dkimDomain: dkim?.domain ?? null, dkimSelector: dkim?.selector ?? null };
}

/** @throws InvalidInput where a password would go to another server than it was given for, or there is no key */
function changedSecret(secret: AccountSecret, was: AccountRow, change: EmailAccountChange): AccountSecret {
  const { smtp, dkim } = change;
  if (smtp && smtp.password === undefined && secret.password !== null && smtp.host !== was.host) {
    throw invalid('smtp.password', 'The smtp.password field is required.');
  }
  const dkimPrivateKey = dkim === null ? null : (dkim?.privateKey ?? secret.dkimPrivateKey);
  if (dkim && dkimPrivateKey === null) {
    throw invalid('dkim.private_key', 'The dkim.private_key field is required.');
  }
  const password = smtp?.password === undefined ? secret.password : smtp.password;
  return { ...secret, dkimPrivateKey, password, imapPassword: imapPasswordOf(secret, was, change) };
}

function imapPasswordOf({ imapPassword = null }: AccountSecret, was: AccountRow, { imap }: EmailAccountChange) {
  if (imap === undefined) {
    return imapPassword;
  }
  if (imap && imap.password === undefined && (imapPassword === null || imap.host !== was.imap?.host)) {
    throw invalid('imap.password', 'The imap.password field is required.');
  }
  return imap && (imap.password ?? imapPassword);
}

function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
