import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../../config.js';
import { secretIn } from '../../../platform/common/installation-secret.js';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import { AddressTokens } from './address-tokens.js';

export type MailAddressSettings = Pick<Config, 'production' | 'dataDir' | 'inboundMail'>;

/** The addresses of this installation that mails come to. */
@Injectable()
export class MailAddresses {
  private made: Promise<AddressTokens> | undefined;

  constructor(@Inject(Config) private readonly settings: MailAddressSettings) {}

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
    this.made ??= this.make();
    try {
      return await this.made;
    } catch (error) {
      // A disk that was full or not mounted yet may work the next time.
      this.made = undefined;
      throw error;
    }
  }

  private async make(): Promise<AddressTokens> {
    const { production, dataDir, inboundMail } = this.settings;
    const { secret, previousSecret } = inboundMail;
    if (production && !secret) {
      throw new Refusal('secrets_key_missing', 'This server signs no addresses: TRACKING_SECRET is not set');
    }
    const current = secret ?? Buffer.from(await secretIn(dataDir, 'tracking-secret'), 'hex');
    return new AddressTokens([current, ...(previousSecret ? [previousSecret] : [])]);
  }
}
