import { Injectable } from '@nestjs/common';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { InvalidInput, Refusal } from '../../platform/common/errors/refusal.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import { mustBeOutsideTransactions } from '../../platform/common/outside-transactions.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { AuditLog } from '../../workspaces/audit/audit-log.js';
import { AddressesService } from '../addresses/addresses.service.js';
import { Connections } from './connections.js';
import { settingsOfGateway } from './http/http-settings.js';
import { settingsOfSmpp } from './smpp/smpp-given.js';
import { settingsOfTelnyx } from './telnyx/telnyx-given.js';
import { PROVIDER_KINDS, type ProviderKind } from './messaging-provider.entity.js';
import { KINDS, type KindOfProvider } from './provider-kinds.js';
import type { ProviderSettings } from './provider.js';
import { ProvidersService, type ProviderRow } from './providers.service.js';

/** As somebody gives them: what is null or absent is not given. */
export type GivenSettings = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A provider that was set, and the secret that was made for it. */
export interface SetProvider {
  readonly provider: ProviderRow;
  readonly secret: string | null;
}

/** How long a provider has to say whether its settings are right. */
const TIMEOUT_MS = 10_000;
const LAST = 4;

/** Sets who carries a client's messages. */
@Injectable()
export class ProviderSetupService {
  constructor(
    private readonly providers: ProvidersService,
    private readonly connections: Connections,
    private readonly policy: OutboundPolicy,
    private readonly addresses: AddressesService,
    private readonly audit: AuditLog,
  ) {}

  /** @throws Refusal 422 where the client may not have it, or it refuses the settings; 503 where it does not answer */
  async set(tenant: Tenant, userId: string, kind: string, given: GivenSettings): Promise<SetProvider> {
    mustBeOutsideTransactions();
    if (!isKind(kind)) {
      throw new ReasonedRefusal('invalid_provider', 'There is no such provider');
    }
    checkMode(tenant, KINDS[kind]);
    const { settings, made } = await this.complete(tenant, kind, chosen(kind, given));
    const { shown, secret } = parted(KINDS[kind], settings);
    await this.ask(kind, tenant, shown, secret);
    const provider = await this.audit.during(
      { tenant, userId },
      'provider.set',
      () => this.activate(tenant, kind, shown, secret),
      () => ({ details: { kind } }),
    );
    return { provider, secret: made };
  }

  private async activate(
    tenant: Tenant,
    kind: ProviderKind,
    shown: ProviderSettings,
    secret: ProviderSettings,
  ): Promise<ProviderRow> {
    const provider = await this.providers.activate(tenant, kind, shown, secret);
    if (shown.messagingServiceSid !== undefined) {
      await this.addresses.speakThrough(tenant, provider.id, String(shown.messagingServiceSid));
    }
    return provider;
  }

  private complete(
    tenant: Tenant,
    kind: ProviderKind,
    settings: ProviderSettings,
  ): Promise<{ readonly settings: ProviderSettings; readonly made: string | null }> {
    switch (kind) {
      case 'http':
        return settingsOfGateway(tenant, settings, this.policy);
      case 'telnyx':
        return Promise.resolve({ settings: settingsOfTelnyx(settings), made: null });
      case 'smpp':
        return settingsOfSmpp(tenant, settings, this.policy);
      case 'simulator':
      case 'twilio':
        return Promise.resolve({ settings, made: null });
    }
  }

  /** Asks the provider once. */
  private async ask(
    kind: ProviderKind,
    tenant: Tenant,
    shown: ProviderSettings,
    secret: ProviderSettings,
  ): Promise<void> {
    const provider = await this.connections.connect(kind, { tenant, id: null, shown, secret });
    const problem = await withinTime(provider.verify());
    if (problem !== null) {
      throw new ReasonedRefusal('provider_rejected', problem);
    }
  }
}

function isKind(kind: string): kind is ProviderKind {
  return (PROVIDER_KINDS as readonly string[]).includes(kind);
}

function checkMode({ livemode }: Tenant, { isFor }: KindOfProvider): void {
  if (isFor === 'test' && livemode) {
    throw new ReasonedRefusal('invalid_provider', 'This provider is for test workspaces');
  }
  if (isFor === 'live' && !livemode) {
    throw new ReasonedRefusal('invalid_provider', 'This provider reaches phones, which a test workspace must not');
  }
}

/** What was given of what the kind takes. @throws InvalidInput naming what is missing and what it does not take */
function chosen(kind: ProviderKind, given: GivenSettings): ProviderSettings {
  const { required, optional } = KINDS[kind];
  const settings = new Map<string, string | number | boolean>();
  for (const [name, value] of Object.entries(given)) {
    if (value !== null && value !== undefined) {
      settings.set(name, value);
    }
  }
  const missing = required.filter((name) => !settings.has(name));
  const foreign = [...settings.keys()].filter((name) => !required.includes(name) && !optional.includes(name));
  const errors = new Map<string, string[]>();
  missing.forEach((name) => errors.set(name, [`The ${name} field is required.`]));
  if (settings.has('apiKeySid') !== settings.has('apiKeySecret')) {
    errors.set('apiKeySecret', ['The apiKeySecret field must be given together with apiKeySid.']);
  }
  foreign.forEach((name) => errors.set(name, [`The ${name} field is not one of a provider of kind ${kind}.`]));
  if (errors.size > 0) {
    throw new InvalidInput(Object.fromEntries(errors));
  }
  return Object.fromEntries(settings);
}

/** What may be shown, and what is sealed. */
function parted({ secrets, last4Of }: KindOfProvider, settings: ProviderSettings) {
  const part = (isSecret: boolean): ProviderSettings =>
    Object.fromEntries(Object.entries(settings).filter(([name]) => secrets.includes(name) === isSecret));
  const last4: ProviderSettings = last4Of === null ? {} : { last4: String(settings[last4Of]).slice(-LAST) };
  return { shown: { ...part(false), ...last4 }, secret: part(true) };
}

async function withinTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${TIMEOUT_MS / 1000} seconds`)), TIMEOUT_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    if (error instanceof Refusal) {
      throw error;
    }
    throw new Refusal('unavailable', `The provider does not answer: ${(error as Error).message}`);
  } finally {
    clearTimeout(timer);
  }
}
