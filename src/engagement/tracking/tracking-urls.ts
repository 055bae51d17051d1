import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config.js';
import { TrackingSecrets } from '../../delivery/email/threads/tracking-secrets.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { siteOf } from '../../users/mails/link-to.js';
import type { MailUrls } from '../campaigns/content/mail-texts.js';
import { TokenMaker } from './tracking-token.js';

/** Of a mail that is nobody's: whoever follows it changes nothing. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** The addresses of this server that the mails of a client hold. */
export class UrlsOfClient {
  constructor(
    private readonly site: string,
    private readonly tokens: TokenMaker,
  ) {}

  /** @param recipientId null: of a mail to try it out */
  of(recipientId: string | null): MailUrls {
    const id = recipientId ?? NOBODY;
    return {
      unsubscribe: `${this.site}/u/${this.tokens.make('unsubscribe', id)}`,
      open: `${this.site}/t/o/${this.tokens.make('open', id)}.gif`,
      click: (link) => `${this.site}/t/c/${this.tokens.make('click', id, link)}`,
    };
  }
}

@Injectable()
export class TrackingUrls {
  constructor(
    private readonly secrets: TrackingSecrets,
    @Inject(Config) private readonly settings: Pick<Config, 'publicUrl' | 'port'>,
  ) {}

  /** @throws Refusal 503 where this installation has no secret to sign with */
  async of({ clientId }: Pick<Tenant, 'clientId'>): Promise<UrlsOfClient> {
    const [secret] = await this.secrets.get();
    return new UrlsOfClient(siteOf(this.settings), new TokenMaker(secret, clientId));
  }
}

/**
 * What says in the head of a mail that it went to many, and how not to get another, by one click (RFC 8058).
 * @param mailto where a mail does the same; null where none comes here
 */
export function bulkHeaders(
  { unsubscribe }: Pick<MailUrls, 'unsubscribe'>,
  { listId, mailto }: { readonly listId: string; readonly mailto: string | null },
): Record<string, string> {
  return {
    'List-Unsubscribe': [unsubscribe, ...(mailto === null ? [] : [`mailto:${mailto}`])]
      .map((to) => `<${to}>`)
      .join(', '),
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'List-Id': `<${listId}>`,
    Precedence: 'bulk',
  };
}
