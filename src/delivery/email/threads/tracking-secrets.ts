import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../../config.js';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import { secretIn } from '../../../platform/common/installation-secret.js';

export type TrackingSettings = Pick<Config, 'production' | 'dataDir' | 'inboundMail'>;
/** The one that signs, and those that did before. */
export type Secrets = readonly [current: Buffer, ...previous: Buffer[]];

/** What this installation signs with what strangers bring back. */
@Injectable()
export class TrackingSecrets {
  private made: Promise<Secrets> | undefined;

  constructor(@Inject(Config) private readonly settings: TrackingSettings) {}

  /** @throws Refusal 503 where there is none */
  async get(): Promise<Secrets> {
    this.made ??= this.make();
    try {
      return await this.made;
    } catch (error) {
      // A disk that was full or not mounted yet may work the next time.
      this.made = undefined;
      throw error;
    }
  }

  private async make(): Promise<Secrets> {
    const { production, dataDir, inboundMail } = this.settings;
    const { secret, previousSecret } = inboundMail;
    if (production && !secret) {
      throw new Refusal('secrets_key_missing', 'This server signs no addresses: TRACKING_SECRET is not set');
    }
    const current = secret ?? Buffer.from(await secretIn(dataDir, 'tracking-secret'), 'hex');
    return [current, ...(previousSecret ? [previousSecret] : [])];
  }
}
