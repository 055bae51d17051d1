import { Injectable } from '@nestjs/common';
import { TrackingSecrets } from '../../delivery/email/threads/tracking-secrets.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { contactValues } from '../templates/contact-values.js';
import { Template } from '../templates/template.js';
import { Opens } from './opens.js';
import { readToken, type TokenKind, type Tracked } from './tracking-token.js';
import { TrackingRepository, type FollowedLink, type ReaderRow } from './tracking.repository.js';

export type { ReaderRow };

/** What whoever gets a mail of a campaign does with it, told by tokens that need no other proof. */
@Injectable()
export class TrackingService {
  constructor(
    private readonly hits: TrackingRepository,
    private readonly opens: Opens,
    private readonly secrets: TrackingSecrets,
  ) {}

  /** A token that is none counts nothing. */
  async open(token: string, byMachine: boolean): Promise<void> {
    const tracked = await this.read('open', token);
    if (tracked) {
      await this.opens.note(tracked, { recipientId: tracked.recipientId, byMachine });
    }
  }

  /** @returns where it leads; null where the token is none of a link */
  async click(token: string, byMachine: boolean): Promise<string | null> {
    const tracked = await this.read('click', token);
    const link = tracked && (await this.hits.click(tracked, tracked.recipientId, tracked.link, byMachine));
    return link && addressOf(link);
  }

  /** Whether a token is right; whether there still is somebody whose it is, nobody is told. */
  async mayUnsubscribe(token: string): Promise<boolean> {
    return (await this.read('unsubscribe', token)) !== null;
  }

  /** Again is no harm. @returns whether the token is right */
  async unsubscribe(token: string): Promise<boolean> {
    const tracked = await this.read('unsubscribe', token);
    if (tracked) {
      await this.hits.unsubscribe(tracked, tracked.recipientId);
    }
    return tracked !== null;
  }

  /** @returns whether the token is right */
  async resubscribe(token: string): Promise<boolean> {
    const tracked = await this.read('unsubscribe', token);
    if (tracked) {
      await this.hits.resubscribe(tracked, tracked.recipientId);
    }
    return tracked !== null;
  }

  /** What became of these recipients. */
  findMany(tenant: Tenant, ids: readonly string[]): Promise<readonly ReaderRow[]> {
    return this.hits.findMany(tenant, ids);
  }

  private async read(kind: TokenKind, token: string): Promise<Tracked | null> {
    return readToken(await this.secrets.get(), kind, token);
  }
}

/** In one spelling, so that nothing in it ends a header. */
function addressOf({ url, workspaceName, ...contact }: FollowedLink): string {
  const values = contactValues(contact);
  values.set('workspace.name', workspaceName);
  return new URL(Template.trusted(url).render(values, 'url')).href;
}
