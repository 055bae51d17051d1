import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { MailUrls } from './content/mail-texts.js';

/** Where the links of a client's mails lead; null: nobody is meant, and they do nothing. */
export interface UrlsOfClient {
  of(recipientId: string | null): MailUrls;
}

/** Who makes the addresses by which it is noticed what becomes of mails. */
export abstract class RecipientUrls {
  /** @throws Refusal 503 where this installation signs nothing */
  abstract of(tenant: Tenant): Promise<UrlsOfClient>;
}
