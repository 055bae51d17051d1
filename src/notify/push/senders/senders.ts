import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import { OutboundClient } from '../../../platform/common/outbound/outbound-client.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { ProviderCredentials } from '../provider-credentials.js';
import type { Provider } from '../device.entity.js';
import { contextOf } from '../push-credentials.service.js';
import type { PushSettings } from '../../../config.js';
import { SecretBox } from '../../../platform/secrets/secret-box.js';
import type { Sender } from './sender.js';

/** Connections and tokens are kept for so many clients at once. */
const MAX_SENDERS = 500;

interface Kept {
  readonly sealed: Buffer;
  readonly sender: Promise<Sender>;
}

/** A sender for each client and provider, with the credentials it has now. */
@Injectable()
export class Senders implements OnApplicationShutdown {
  private readonly kept = new LRUCache<string, Kept>({
    max: MAX_SENDERS,
    dispose: ({ sender }) => void sender.then((made) => made.close(), ignore),
  });

  constructor(
    private readonly box: SecretBox,
    private readonly settings: PushSettings,
    private readonly outbound: OutboundClient,
    private readonly policy: OutboundPolicy,
  ) {}

  onApplicationShutdown(): void {
    this.kept.clear();
    this.outbound.close();
  }

  /** @throws Error where the credentials can't be opened */
  async find(tenant: Tenant, provider: Provider, sealed: Buffer): Promise<Sender> {
    const context = contextOf(tenant, provider);
    const known = this.kept.get(context);
    if (known?.sealed.equals(sealed)) {
      return known.sender;
    }
    const sender = this.box.open(context, sealed).then((credentials) => this.make(provider, credentials));
    this.kept.set(context, { sealed, sender });
    try {
      return await sender;
    } catch (error) {
      this.kept.delete(context);
      throw error;
    }
  }

  /** Each provider's library is read when somebody first needs it. */
  private async make(provider: Provider, credentials: object): Promise<Sender> {
    switch (provider) {
      case 'apns': {
        const { ApnsSender } = await import('./apns.js');
        return new ApnsSender(credentials as ProviderCredentials['apns'], this.settings);
      }
      case 'fcm': {
        const { FcmSender } = await import('./fcm.js');
        return new FcmSender(credentials as ProviderCredentials['fcm'], this.settings);
      }
      case 'webpush': {
        const { WebPushSender } = await import('./web-push.js');
        return new WebPushSender(credentials as ProviderCredentials['webpush'], this.outbound, this.policy);
      }
    }
  }
}

function ignore(): void {}
