import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { AccountSecret } from '../../delivery/email/accounts/account-secrets.js';
import { EmailAccountsService, type AccountRow } from '../../delivery/email/accounts/email-accounts.service.js';
import { renderMail } from '../../delivery/email/composing/render-mail.js';
import type { RawMail, SmtpServer } from '../../delivery/email/smtp/smtp-client.js';
import type { AddressTokens } from '../../delivery/email/threads/address-tokens.js';
import { MailAddresses } from '../../delivery/email/threads/mail-addresses.js';
import { now } from '../../platform/common/clock.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { contactValues } from '../templates/contact-values.js';
import { MailTexts } from './content/mail-texts.js';
import type { ContactRow } from '../contacts/contacts.repository.js';
import { bulkHeaders, TrackingUrls, type UrlsOfClient } from '../tracking/tracking-urls.js';
import type { CampaignContent } from './recipients.repository.js';

/** Contents kept ready in this process: each may have half a megabyte. */
const MAX_CONTENTS = 20;

/** What mails of a campaign go out by. */
export interface Sender {
  readonly account: AccountRow;
  readonly secret: AccountSecret;
  readonly server: SmtpServer;
  readonly inbound: string | null;
  readonly tokens: AddressTokens;
  readonly urls: UrlsOfClient;
}

/** A campaign's content, ready to be filled in. */
export interface PreparedContent {
  readonly texts: MailTexts;
  readonly listId: string;
  /** By the names that templates know. */
  readonly workspace: string;
}

interface Addressee {
  /** Null: it is a test, and nothing it links to counts. */
  readonly recipientId: string | null;
  readonly address: string;
  /** Null where nobody is known by the address. */
  readonly contact: ContactRow | null;
  readonly messageId: string;
}

/** Makes mails of what a campaign says: the same for its recipients, and for whoever tries it out. */
@Injectable()
export class CampaignMails {
  private readonly prepared = new LRUCache<string, PreparedContent>({ max: MAX_CONTENTS });

  constructor(
    private readonly accounts: EmailAccountsService,
    private readonly addresses: MailAddresses,
    private readonly urls: TrackingUrls,
  ) {}

  /** @throws Refusal 404 where the account is gone, 503 where this installation signs nothing, Error where its secrets can't be read */
  async senderOf(tenant: Tenant, accountId: string): Promise<Sender> {
    const account = await this.accounts.get(tenant, accountId);
    const secret = await this.accounts.secretsOf(tenant, account);
    const { host, port, secure, username, inboundName } = account;
    const server = { host, port, secure, username, password: secret.password };
    const [tokens, urls] = [await this.addresses.tokens(), await this.urls.of(tenant)];
    return { account, secret, server, inbound: this.addresses.inboundOf(inboundName), tokens, urls };
  }

  /** What began does not change, so it is read once. */
  content({ clientId }: Tenant, content: CampaignContent): PreparedContent {
    const key = `${clientId} ${content.id} ${content.variant ?? ''}`;
    const known = this.prepared.get(key);
    if (known) {
      return known;
    }
    const made = preparedOf(content);
    this.prepared.set(key, made);
    return made;
  }

  /** @throws TemplateFault where it would be too large */
  render({ clientId }: Tenant, sender: Sender, content: PreparedContent, to: Addressee): Promise<RawMail> {
    const { account, secret, inbound, tokens } = sender;
    const { recipientId, address, contact, messageId } = to;
    const urls = sender.urls.of(recipientId);
    const said = content.texts.compose(valuesOf(contact, content), urls);
    const { dkimDomain, dkimSelector } = account;
    return renderMail({
      ...{ messageId, inReplyTo: null, references: [], cc: [], bcc: [], attachments: [], date: now() },
      ...{ subject: recipientId === null ? `[Test] ${said.subject}` : said.subject, text: said.text, html: said.html },
      from: { address: account.email, name: account.fromName },
      to: [{ address, name: contact?.name ?? '' }],
      replyTo: inbound,
      bounceTo: inbound && recipientId && tokens.bounceAddress(clientId, inbound, recipientId),
      automatic: null,
      loopMark: tokens.loopMark(clientId),
      headers: bulkHeaders(urls, {
        listId: `${content.listId}.${domainOf(account.email)}`,
        mailto: inbound && recipientId && tokens.unsubscribeAddress(clientId, inbound, recipientId),
      }),
      dkim:
        dkimDomain !== null && dkimSelector !== null && secret.dkimPrivateKey !== null
          ? { domain: dkimDomain, selector: dkimSelector, privateKey: secret.dkimPrivateKey }
          : null,
    });
  }

  /** What somebody would read: null is nobody that is known. */
  async preview(tenant: Tenant, content: PreparedContent, contact: ContactRow | null) {
    const urls = (await this.urls.of(tenant)).of(null);
    return content.texts.compose(valuesOf(contact, content), urls);
  }
}

export function preparedOf({ id, subject, html, text, workspace }: Omit<CampaignContent, 'variant'>): PreparedContent {
  return { texts: new MailTexts({ subject, html, text }), listId: id, workspace };
}

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}

function valuesOf(contact: ContactRow | null, { workspace }: PreparedContent): ReadonlyMap<string, string> {
  const values = new Map(contact ? contactValues(contact) : []);
  values.set('workspace.name', workspace);
  return values;
}
