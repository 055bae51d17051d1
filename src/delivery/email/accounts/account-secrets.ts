import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { SecretBox } from '../../../platform/secrets/secret-box.js';

/** What is sealed of an account. */
export interface AccountSecret {
  readonly password: string | null;
  readonly dkimPrivateKey: string | null;
  /** Of its mailbox, where that is read. */
  readonly imapPassword?: string | null;
  /** By which whoever brings its mails proves that it may. */
  readonly inboundToken: string;
}

type Owner = Pick<Tenant, 'clientId'>;

/** The secrets of e-mail accounts, each bound to its client and its account. */
@Injectable()
export class AccountSecrets {
  constructor(private readonly box: SecretBox) {}

  /** @throws Refusal 503 where this installation keeps no secrets */
  seal(owner: Owner, accountId: string, secret: AccountSecret): Promise<Buffer> {
    return this.box.seal(contextOf(owner, accountId), secret);
  }

  /** @throws Error where it can't be opened */
  async open(owner: Owner, accountId: string, sealed: Buffer): Promise<AccountSecret> {
    return (await this.box.open(contextOf(owner, accountId), sealed)) as AccountSecret;
  }
}

/** What a secret is bound to. */
export function contextOf({ clientId }: Owner, accountId: string): string {
  return `e-mail account ${accountId} of ${clientId}`;
}
