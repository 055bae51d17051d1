import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../../config.js';
import { AddressTokens } from './address-tokens.js';
import { TrackingSecrets } from './tracking-secrets.js';

/** The addresses of this installation that mails come to. */
@Injectable()
export class MailAddresses {
  constructor(
    @Inject(Config) private readonly settings: Pick<Config, 'inboundMail'>,
    private readonly secrets: TrackingSecrets,
  ) {}

  /** Of an account, by its inbound name; null where no mails come here. */
  inboundOf(name: string): string | null {
    const { domain } = this.settings.inboundMail;
    return domain === undefined ? null : `${name}@${domain}`;
  }

  /** The inbound name that a mail to `address` is for; null where it is not for this installation. */
  nameIn(address: string): string | null {
    const { domain } = this.settings.inboundMail;
    const at = address.lastIndexOf('@');
    return domain !== undefined && address.slice(at + 1).toLowerCase() === domain
      ? address.slice(0, at).split('+', 1)[0]!.toLowerCase()
      : null;
  }

  /** @throws Refusal 503 where this installation has no secret to sign with */
  async tokens(): Promise<AddressTokens> {
    return new AddressTokens(await this.secrets.get());
  }
}
