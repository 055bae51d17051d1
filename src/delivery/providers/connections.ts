import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Config } from '../../config.js';
import { OutboundClient } from '../../platform/common/outbound/outbound-client.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CallbackUrls } from './callback-urls.js';
import type { CallbackReader } from './callback.js';
import type { ConnectionRow } from './carrier.js';
import type { ProviderKind } from './messaging-provider.entity.js';
import { ProviderSecrets } from './provider-secrets.js';
import type { MessageProvider, ProviderAccount, Turn } from './provider.js';
import { Simulator } from './simulator.js';
import { SmppBinds } from './smpp/smpp-binds.js';

/** Accounts that are kept ready at once. */
const MAX_CONNECTIONS = 500;
/** For a whole call; far less than a lease. */
const TIMEOUT_MS = 15_000;

interface Kept {
  readonly row: ConnectionRow;
  readonly provider: Promise<MessageProvider>;
}

/** The way to each account, with the settings it has now. What a kind needs is read when somebody first has one. */
@Injectable()
export class Connections implements OnApplicationShutdown {
  private readonly kept = new LRUCache<string, Kept>({ max: MAX_CONNECTIONS });
  private readonly outbound: OutboundClient;

  constructor(
    private readonly secrets: ProviderSecrets,
    private readonly simulator: Simulator,
    private readonly policy: OutboundPolicy,
    private readonly smppBinds: SmppBinds,
    private readonly urls: CallbackUrls,
    private readonly config: Config,
  ) {
    this.outbound = new OutboundClient(policy.resolve, TIMEOUT_MS);
  }

  onApplicationShutdown(): void {
    this.outbound.close();
  }

  /** @throws Error where its secret can't be opened */
  async of(tenant: Tenant, row: ConnectionRow): Promise<MessageProvider> {
    const known = this.kept.get(row.id);
    if (known && isSame(known.row, row)) {
      return known.provider;
    }
    const provider = this.secrets
      .open(tenant, row)
      .then(({ current }) => this.connect(row.kind, { tenant, id: row.id, shown: row.public, secret: current }));
    this.kept.set(row.id, { row, provider });
    try {
      return await provider;
    } catch (error) {
      this.kept.delete(row.id);
      throw error;
    }
  }

  /** Clients whose provider has enough messages waiting for their turn. */
  get busy(): string[] {
    return this.smppBinds.busy;
  }

  /** The turn of a message; null where its provider takes what comes. 'later': it has not come in time. */
  turn(tenant: Tenant): Promise<Turn | 'later' | null> {
    return this.smppBinds.turn(tenant);
  }

  /** Without keeping it: to try settings out. */
  async connect(kind: ProviderKind, account: ProviderAccount): Promise<MessageProvider> {
    switch (kind) {
      case 'simulator':
        return this.simulator;
      case 'twilio': {
        const { TwilioProvider } = await import('./twilio/twilio-provider.js');
        return new TwilioProvider(account, this.urls, this.config.twilioUrl);
      }
      case 'telnyx': {
        const { Telnyx } = await import('./telnyx/telnyx.js');
        return new Telnyx(account, this.urls, this.config.telnyxUrl);
      }
      case 'http': {
        const { HttpGateway } = await import('./http/http-gateway.js');
        return new HttpGateway(account, this.outbound, this.policy);
      }
      case 'smpp': {
        const { SmppProvider } = await import('./smpp/smpp-provider.js');
        return new SmppProvider(account, this.smppBinds, this.policy);
      }
    }
  }

  /** Null where nothing calls back. */
  async reader(kind: ProviderKind): Promise<CallbackReader | null> {
    switch (kind) {
      case 'simulator':
      case 'smpp':
        return null;
      case 'twilio':
        return (await import('./twilio/twilio-callbacks.js')).twilioCallbacks;
      case 'telnyx':
        return (await import('./telnyx/telnyx-callbacks.js')).telnyxCallbacks;
      case 'http':
        return (await import('./http/http-callbacks.js')).httpCallbacks;
    }
  }
}

function isSame(one: ConnectionRow, other: ConnectionRow): boolean {
  return (
    JSON.stringify(one.public) === JSON.stringify(other.public) &&
    (one.secret === null || other.secret === null ? one.secret === other.secret : one.secret.equals(other.secret))
  );
}
